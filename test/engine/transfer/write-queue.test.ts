import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WriteQueue } from '../../../electron/engine/transfer/write-queue.ts';

/** If one of these fails, what is sent is copied once more, or comes in another order. */

/** A socket that takes what it is given when the test says so. */
class SlowSocket {
  readonly given: number[] = [];
  readonly #done: (() => void)[] = [];

  write(bytes: Uint8Array, done: () => void): boolean {
    this.given.push(bytes[0]!);
    this.#done.push(done);
    return true;
  }

  /** false: it has nothing to take. */
  take(): boolean {
    const done = this.#done.shift();
    done?.();
    return done !== undefined;
  }
}

function queue() {
  const socket = new SlowSocket();
  return { socket, writes: new WriteQueue(socket as never) };
}

test('the socket has one buffer at a time, each in its turn, whenever it takes them', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (steps) => {
      const { socket, writes } = queue();
      const done: number[] = [];
      let written = 0;
      for (const isWrite of steps) {
        if (isWrite) {
          const n = written++;
          writes.write(new Uint8Array(10).fill(n), () => done.push(n));
        } else socket.take();
        expect(socket.given.length - done.length).toBe(done.length < written ? 1 : 0);
        expect(writes.pendingBytes).toBe(10 * (written - done.length));
      }
      while (socket.take());
      const all = Array.from({ length: written }, (_, n) => n);
      expect(socket.given).toEqual(all);
      expect(done).toEqual(all);
      expect(writes.pendingBytes).toBe(0);
    }),
  );
});

test('before it is ended the socket has all that waits, in its order', () => {
  const { socket, writes } = queue();
  for (let n = 0; n < 4; n++) writes.write(new Uint8Array(1).fill(n));
  writes.flush();
  expect(socket.given).toEqual([0, 1, 2, 3]);
  while (socket.take());
  expect(writes.pendingBytes).toBe(0);
  expect(socket.given).toEqual([0, 1, 2, 3]);
});

test('what is written when one is done comes after those that wait', () => {
  const { socket, writes } = queue();
  writes.write(new Uint8Array(1).fill(0), () => writes.write(new Uint8Array(1).fill(2)));
  writes.write(new Uint8Array(1).fill(1));
  while (socket.take());
  expect(socket.given).toEqual([0, 1, 2]);
});
