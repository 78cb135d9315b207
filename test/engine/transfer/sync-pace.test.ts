import { expect, test } from 'vitest';
import type { FileSystem, SyncsAtOnce } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { SyncQueue } from '../../../electron/engine/transfer/sync-queue.ts';
import { HandClock } from '../../support/hand-clock.ts';

/**
 * If one of these fails, a slow disk holds up every transfer of the thread, a quick one is waited for as if it
 * were slow, or a file counts that the disk does not have.
 */

const QUICK_MS = 0.01;
const SLOW_MS = 50;

const none = (): void => undefined;

/** A disk whose syncs take what `ms` says when they are asked for. */
function syncsOn() {
  const clock = new HandClock();
  const disk = { ms: QUICK_MS, pooled: 0, atOnce: 0, error: null as Error | null };
  const waiting: (() => void)[] = [];
  const fs: FileSystem & SyncsAtOnce = {
    ...realFileSystem,
    closeSync: none,
    fsync: ((_fd: number, done: (error: Error | null) => void) => {
      disk.pooled++;
      const { ms } = disk;
      waiting.push(() => {
        clock.turn(ms);
        done(null);
      });
    }) as FileSystem['fsync'],
    fsyncAtOnce: () => {
      disk.atOnce++;
      clock.turn(disk.ms);
      if (disk.error) throw disk.error;
    },
  };
  const queue = new SyncQueue(fs, clock);
  const sync = (): void => {
    queue.add(1, none, none);
    for (const end of waiting.splice(0)) end();
  };
  return { queue, disk, sync };
}

test('on a quick disk only the first sync goes to the pool', () => {
  const { disk, sync } = syncsOn();
  for (let n = 0; n < 100; n++) sync();
  expect(disk).toMatchObject({ pooled: 1, atOnce: 99 });
});

test('on a slow disk every sync waits in the pool', () => {
  const { disk, sync } = syncsOn();
  disk.ms = SLOW_MS;
  for (let n = 0; n < 1_000; n++) sync();
  expect(disk).toMatchObject({ pooled: 1_000, atOnce: 0 });
});

test('a disk that becomes slow holds its thread up once, and is tried again later', () => {
  const { disk, sync } = syncsOn();
  for (let n = 0; n < 10; n++) sync();
  disk.ms = SLOW_MS;
  const before = disk.atOnce;
  for (let n = 0; n < 1_000; n++) sync();
  expect(disk.atOnce - before).toBe(1);
  disk.ms = QUICK_MS;
  for (let n = 0; n < 1_000; n++) sync();
  expect(disk.atOnce - before).toBeGreaterThan(900);
});

test('what is not too slow for the pool and too slow for a turn is seldom tried in one', () => {
  const { disk, sync } = syncsOn();
  disk.ms = 1;
  for (let n = 0; n < 1_000; n++) sync();
  expect(disk.atOnce).toBeGreaterThan(0);
  expect(disk.atOnce).toBeLessThan(6);
});

test('a file that is synced within the turn is durable then, and one that fails never is', async () => {
  const { queue, disk, sync } = syncsOn();
  sync();
  const seen: string[] = [];
  const add = (name: string): void => {
    queue.add(
      2,
      () => seen.push(`${name} lost`),
      () => seen.push(`${name} durable`),
    );
  };
  add('a');
  expect(seen).toEqual(['a durable']);
  await queue.settled();
  disk.error = Object.assign(new Error('EIO'), { code: 'EIO' });
  add('b');
  disk.error = null;
  add('c');
  expect(seen).toEqual(['a durable', 'b lost', 'c durable']);
  await expect(queue.settled()).rejects.toMatchObject({ code: 'DISK_ERROR' });
});

test('where nothing can be synced within a turn the pool does it', () => {
  let pooled = 0;
  const fsync = ((_fd: number, done: (error: null) => void) => {
    pooled++;
    done(null);
  }) as unknown as FileSystem['fsync'];
  const queue = new SyncQueue({ ...realFileSystem, closeSync: none, fsync }, new HandClock());
  for (let n = 0; n < 10; n++) queue.add(1, none, none);
  expect(pooled).toBe(10);
});
