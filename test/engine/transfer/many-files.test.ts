import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { FELT_AFTER_MS, ToldEnd } from '../../../electron/engine/transfer/told-end.ts';
import { inTurns, inTurnsWhile } from '../../../electron/engine/transfer/turns.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { GatedDisk } from '../../support/gated-disk.ts';
import { plainPath } from '../../support/plain-path.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/**
 * If these fail, everything else in a program stands still while somebody sends, receives or throws away a
 * hundred thousand files: other transfers, the word "cancel", and the heartbeat that keeps a wire alive.
 */

const FILES = 300;
const bench = new Bench();
let turn = 0;
let isCounting = true;

/** In which turns of this thread each was called, by the paths it was called with. */
class Turns {
  readonly seen = new Set<number>();
  readonly fs: Partial<FileSystem>;

  constructor(name: 'openSync' | 'mkdirSync' | 'unlinkSync', part: string) {
    const real = realFileSystem[name] as (...args: unknown[]) => unknown;
    const call = (...args: unknown[]): unknown => {
      if (plainPath(String(args[0])).includes(part)) this.seen.add(turn);
      return real(...args);
    };
    this.fs = { [name]: call };
  }
}

beforeAll(() => {
  void (async () => {
    for (; isCounting; turn++) await nextTurn();
  })();
  for (let n = 0; n < FILES; n++) putFile(bench.path('many', `d${n}`, 'f'), 1, n);
});
afterAll(async () => {
  isCounting = false;
  await bench.remove();
});

function* counting(to: number, at = { n: 0 }): Generator<void, string> {
  for (at.n = 0; at.n < to; at.n++) yield;
  return 'done';
}

test('small steps are done some at a time, and no more of them than anybody wants', async () => {
  const first = turn;
  expect(await inTurns(counting(100), 10)).toBe('done');
  expect(turn - first).toBeGreaterThanOrEqual(9);
  const at = { n: 0 };
  expect(await inTurnsWhile(() => at.n < 5, counting(100, at))).toBeNull();
  expect(at.n).toBe(5);
  expect(await inTurnsWhile(() => true, counting(3))).toBe('done');
});

test('a cancel is told when all is removed, or before where that takes long, and only once', async () => {
  const clock = new HandClock();
  let told = 0;
  const tell = (): Promise<void> => {
    told++;
    return Promise.resolve();
  };
  const slow = new ToldEnd(tell);
  slow.soon(clock, () => true);
  clock.turn(FELT_AFTER_MS);
  expect(told).toBe(1);
  await slow.now();
  expect(told).toBe(1);
  const unsure = new ToldEnd(tell);
  unsure.soon(clock, () => false);
  clock.turn(FELT_AFTER_MS);
  expect(told).toBe(1);
  await unsure.now();
  expect(told).toBe(2);
});

test('a sender of tiny files lets others have their turn', async () => {
  const opened = new Turns('openSync', 'many');
  const [sender, receiver] = await Promise.all([bench.sender({ fs: opened.fs }), bench.receiver()]);
  await sender.outcome('delivered', await sender.send([bench.path('many')], receiver.port));
  expect(opened.seen.size).toBeGreaterThan(FILES / 50);
});

test('a cancel is told although the disk stands still, and then all is removed some at a time', async () => {
  const made = new Turns('mkdirSync', '-folder-0.part');
  const removed = new Turns('unlinkSync', '-folder-0.part');
  const disk = new GatedDisk();
  const [sender, receiver] = await Promise.all([
    bench.sender(),
    bench.receiver({ fs: { ...disk.fs, ...made.fs, ...removed.fs } }),
  ]);
  disk.holds = (path) => path.startsWith(receiver.directory);
  const id = await sender.send([bench.path('many')], receiver.port);
  await receiver.event('started', id);
  while (disk.held === 0) await nextTurn();
  const cancelled = receiver.cancel(id);
  await Promise.all([sender.outcome('cancelled', id), receiver.outcome('cancelled', id)]);
  expect(disk.held).toBeGreaterThan(0);
  disk.release();
  await cancelled;
  expect(readdirSync(receiver.directory)).toEqual([]);
  expect(readdirSync(join(receiver.home, 'journal'))).toEqual([]);
  expect(made.seen.size).toBeGreaterThan(FILES / 50);
  expect(removed.seen.size).toBeGreaterThan(0);
});
