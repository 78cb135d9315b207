import { beforeEach, expect, test } from 'vitest';
import type { ThumbnailMaker } from '../../../electron/engine/transfer/thumbnail-thread.ts';
import { ThumbnailTurns } from '../../../electron/engine/transfer/thumbnail-turns.ts';

/** If these fail, whoever offers pictures to many at once has a decoder for each of them in memory. */

/** Makes what it is given, when the test says so. */
class Maker implements ThumbnailMaker {
  atWork: ((jpeg: Uint8Array | null) => void)[] = [];
  most = 0;
  stops = 0;

  make(picture: Uint8Array): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      this.atWork.push(resolve);
      this.most = Math.max(this.most, this.atWork.length);
      this.#next = () => resolve(picture);
    });
  }

  #next: () => void = () => undefined;

  async finish(): Promise<void> {
    await expect.poll(() => this.atWork.length).toBe(1);
    this.atWork = [];
    this.#next();
  }

  stop(): void {
    this.stops++;
    for (const settle of this.atWork.splice(0)) settle(null);
  }
}

const picture = (n: number) => Uint8Array.of(n);
let maker: Maker;
let turns: ThumbnailTurns;

beforeEach(() => {
  maker = new Maker();
  turns = new ThumbnailTurns(maker);
});

test('many offers have one picture made at a time, each its own', async () => {
  const made = [1, 2, 3].map((n) => turns.open().make(picture(n)));
  for (let n = 0; n < 3; n++) await maker.finish();
  expect(await Promise.all(made)).toEqual([1, 2, 3].map(picture));
  expect(maker.most).toBe(1);
});

test('one that is answered loses what is at work for it, and the next goes on', async () => {
  const [first, second] = [turns.open(), turns.open()];
  const [one, two] = [first.make(picture(1)), second.make(picture(2))];
  await expect.poll(() => maker.atWork.length).toBe(1);
  first.stop();
  expect(await one).toBeNull();
  await maker.finish();
  expect(await two).toEqual(picture(2));
});

test('one that is answered while it waits costs the others nothing', async () => {
  const [first, second] = [turns.open(), turns.open()];
  const [one, two] = [first.make(picture(1)), second.make(picture(2))];
  await expect.poll(() => maker.atWork.length).toBe(1);
  second.stop();
  expect(maker.stops).toBe(0);
  await maker.finish();
  expect(await one).toEqual(picture(1));
  expect(await two).toBeNull();
});

test('with the last of them all stops, and begins anew', async () => {
  const [first, second] = [turns.open(), turns.open()];
  first.stop();
  expect(maker.stops).toBe(0);
  second.stop();
  expect(maker.stops).toBe(1);
  const again = turns.open().make(picture(3));
  await maker.finish();
  expect(await again).toEqual(picture(3));
});
