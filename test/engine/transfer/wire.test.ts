import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { FrameWriter } from '../../../electron/engine/transfer/frame-writer.ts';
import { WaitingRoom } from '../../../electron/engine/transfer/listener.ts';
import { realClock } from '../../../electron/engine/transfer/ports.ts';
import { SendStream } from '../../../electron/engine/transfer/send-stream.ts';
import { FileHashes } from '../../../electron/engine/transfer/file-hashes.ts';
import { FRAME_TYPES, FrameReader } from '../../../shared/protocol/frame.ts';
import {
  BLOCK_BYTES,
  MAX_UNAUTHENTICATED,
  MAX_UNAUTHENTICATED_PER_ADDRESS,
} from '../../../shared/protocol/limits.ts';
import { decodeMessage } from '../../../shared/protocol/messages.ts';

/** The small parts that touch the wire, each by itself. */

/** A connection that takes what is written when the test says so, and looks at the bytes only then. */
class SlowConnection {
  readonly #queue: { readonly frames: Uint8Array; readonly done: (() => void) | undefined }[] = [];
  readonly taken: Buffer[] = [];
  pendingBytes = 0;

  write(frames: Uint8Array, done?: () => void): void {
    this.pendingBytes += frames.length;
    this.#queue.push({ frames, done });
  }

  /** false: there was nothing. */
  takeOne(): boolean {
    const first = this.#queue.shift();
    if (!first) return false;
    this.taken.push(Buffer.from(first.frames));
    this.pendingBytes -= first.frames.length;
    first.done?.();
    return true;
  }
}

type Written = { readonly data: number } | { readonly index: number };

/** Data frames as one number for their bytes, other frames by their index. */
function readBack(bytes: Buffer): Written[] {
  const written: Written[] = [];
  const reader = new FrameReader({
    onFrame: (type, payload) => {
      const message = decodeMessage(type, payload);
      if (message?.type === 'fileEnd') written.push({ index: message.index });
      else throw new Error('unexpected frame');
    },
    onData: (part) => {
      for (const byte of part) if (byte !== part[0]) throw new Error('bytes were mixed');
      const last = written.at(-1);
      if (last && 'data' in last && last.data % 256 === part[0]) return;
      written.push({ data: part[0]! });
    },
  });
  expect(reader.push(bytes)).toBe(true);
  expect(reader.atBoundary).toBe(true);
  return written;
}

test('frames arrive in their order and with their bytes, whenever the socket takes them', () => {
  const piece = fc.record({
    bytes: fc.oneof(fc.nat(3), fc.integer({ min: 1, max: 600_000 })),
    takes: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 60 }), (pieces) => {
      const slow = new SlowConnection();
      const writer = new FrameWriter(slow);
      const expected: Written[] = [];
      pieces.forEach(({ bytes, takes }, index) => {
        for (let left = bytes; left > 0;) {
          const target = writer.reserveData(left);
          expect(target.length).toBeGreaterThan(0);
          target.fill(index + 1);
          writer.commitData(target.length);
          left -= target.length;
        }
        if (bytes > 0) expected.push({ data: index + 1 });
        writer.message({ type: 'fileEnd', index, hash: new Uint8Array(32) });
        expected.push({ index });
        for (let n = 0; n < takes; n++) slow.takeOne();
      });
      writer.flush();
      while (slow.takeOne());
      expect(readBack(Buffer.concat(slow.taken))).toEqual(expected);
      expect(slow.pendingBytes).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test('a writer that is full says when there is room, once', () => {
  const slow = new SlowConnection();
  const writer = new FrameWriter(slow);
  while (!writer.full) writer.commitData(writer.reserveData(1_000_000).length);
  let rooms = 0;
  writer.onRoom(() => rooms++);
  while (slow.takeOne());
  expect(rooms).toBe(1);
});

const QUIET = { clock: realClock, algorithm: 'sha256', lanes: null, onSent: vi.fn() } as const;

test('proving a large file lets the heartbeats of its thread run', async () => {
  const blocks = 64;
  let turns = 0;
  const beat = setInterval(() => turns++, 0);
  const entry = { kind: 'file', path: ['a'], bytes: blocks * BLOCK_BYTES } as const;
  const stream = new SendStream({
    ...QUIET,
    writer: new FrameWriter(new SlowConnection()),
    source: {
      entries: [entry],
      open: () => ({
        read: (target) => target.length,
        check: () => '',
        stamp: '',
        close: () => undefined,
      }),
      close: () => undefined,
    },
    held: {
      have: new Map([[0, new Uint8Array(blocks * 32)]]),
      published: new Map(),
      skipped: new Map(),
    },
    hashes: new FileHashes(1),
  });
  await stream.prove();
  clearInterval(beat);
  expect(turns).toBeGreaterThan(0);
  expect(stream.keptBytes).toBe(0);
});

test('a stream that stands still sends nothing more, though its source answers only then', async () => {
  const slow = new SlowConnection();
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const reads: (() => void)[] = [];
  const stream = new SendStream({
    ...QUIET,
    writer: new FrameWriter(slow),
    source: {
      entries: [{ kind: 'file', path: ['a'], bytes: 3 }],
      open: () => ({
        read: (target) => {
          answer();
          return new Promise((resolve) => {
            reads.push(() => {
              resolve(target.length);
            });
          });
        },
        stamp: '',
        check: () => '',
        close: () => undefined,
      }),
      close: () => undefined,
    },
    held: { have: new Map(), published: new Map(), skipped: new Map() },
    hashes: new FileHashes(1),
  });
  const types = (): number[] => {
    while (slow.takeOne());
    const seen: number[] = [];
    const reader = new FrameReader({
      onFrame: (type) => seen.push(type),
      onData: () => seen.push(FRAME_TYPES.data),
    });
    reader.push(Buffer.concat(slow.taken));
    return seen;
  };
  const running = stream.run();
  await asked;
  stream.standStill(true);
  for (const read of reads) read();
  while (types().length < 2) await setImmediate();
  for (let turns = 0; turns < 20; turns++) await setImmediate();
  expect(types()).toEqual([FRAME_TYPES.file, FRAME_TYPES.data]);
  stream.standStill(false);
  await running;
  expect(types()).toEqual([FRAME_TYPES.file, FRAME_TYPES.data, FRAME_TYPES.fileEnd]);
});

/** A socket as far as the waiting room looks at one. */
class Guest {
  readonly remoteAddress: string;
  readonly remotePort: number;
  destroyed = false;
  #onClose: () => void = () => undefined;

  constructor(remoteAddress: string, remotePort: number) {
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  once(_event: string, run: () => void): void {
    this.#onClose = run;
  }

  destroy(): void {
    this.destroyed = true;
    this.#onClose();
  }
}

test('of one address the oldest that waits goes first, and a newcomer is never turned away', () => {
  const room = new WaitingRoom();
  const guests = Array.from({ length: 20 }, (_, n) => new Guest('10.0.0.1', n));
  for (const guest of guests) room.enter(guest as unknown as Socket);
  const waiting = guests.filter((guest) => !guest.destroyed);
  expect(waiting).toEqual(guests.slice(-MAX_UNAUTHENTICATED_PER_ADDRESS));
});

test('when the room is full the oldest of the busiest address goes, and others stay', () => {
  const room = new WaitingRoom();
  const busy = Array.from({ length: 8 }, (_, n) => new Guest('10.0.0.1', n));
  const single = Array.from({ length: 56 }, (_, n) => new Guest(`10.0.1.${n}`, 1));
  for (const guest of [...busy, ...single]) room.enter(guest as unknown as Socket);
  expect(busy.length + single.length).toBe(MAX_UNAUTHENTICATED);
  const newcomer = new Guest('10.0.2.1', 1);
  room.enter(newcomer as unknown as Socket);
  expect(busy.filter((guest) => guest.destroyed)).toEqual([busy[0]]);
  expect([...single, newcomer].some((guest) => guest.destroyed)).toBe(false);
});

test('who has shown who they are leaves the room, and is not dropped any more', () => {
  const room = new WaitingRoom();
  const known = new Guest('10.0.0.1', 1);
  room.enter(known as unknown as Socket);
  room.leave(new Guest('10.0.0.1', 1) as unknown as Socket);
  for (let n = 2; n < 30; n++) room.enter(new Guest('10.0.0.1', n) as unknown as Socket);
  room.close();
  expect(known.destroyed).toBe(false);
});
