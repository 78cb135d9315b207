import { expect, test } from 'vitest';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { SyncQueue } from '../../../electron/engine/transfer/sync-queue.ts';

const lost = (): void => undefined;

interface PendingSync {
  readonly fd: number;
  readonly done: (error: Error | null) => void;
}

function syncs() {
  const pending: PendingSync[] = [];
  const closed: number[] = [];
  const disk: FileSystem = {
    ...realFileSystem,
    fsync: ((fd: number, done: PendingSync['done']) => pending.push({ fd, done })) as never,
    closeSync: (fd) => {
      closed.push(fd);
    },
  };
  return { pending, closed, queue: new SyncQueue(disk) };
}

test('a file counts only when the disk has it, and is closed then', async () => {
  const { pending, closed, queue } = syncs();
  let durable = 0;
  queue.add(7, lost, () => durable++);
  const settled = queue.settled();
  expect([durable, closed]).toEqual([0, []]);
  pending[0]!.done(null);
  await settled;
  expect([durable, closed]).toEqual([1, [7]]);
});

test('a sync that fails fails all that wait, for good, and its file never counts', async () => {
  const { pending, closed, queue } = syncs();
  let durable = 0;
  let gone = 0;
  queue.add(
    1,
    () => gone++,
    () => durable++,
  );
  queue.add(2, lost, () => durable++);
  pending[0]!.done(Object.assign(new Error(), { code: 'EIO' }));
  pending[1]!.done(null);
  await expect(queue.settled()).rejects.toMatchObject({ code: 'DISK_ERROR' });
  await expect(queue.settled()).rejects.toMatchObject({ code: 'DISK_ERROR' });
  expect([durable, gone, closed]).toEqual([1, 1, [1, 2]]);
});

test('what fails after the sync is a fault of the disk too', async () => {
  const { pending, queue } = syncs();
  queue.add(1, lost, () => {
    throw Object.assign(new Error(), { code: 'ENOSPC' });
  });
  pending[0]!.done(null);
  await expect(queue.settled()).rejects.toMatchObject({ code: 'DISK_FULL' });
});

test('the queue is full at a bound, and calls once when there is room', () => {
  const { pending, queue } = syncs();
  let rooms = 0;
  for (let fd = 0; !queue.full; fd++) queue.add(fd, lost, lost);
  expect(pending.length).toBeLessThanOrEqual(64);
  queue.onRoom(() => rooms++);
  for (const sync of pending) sync.done(null);
  expect(rooms).toBe(1);
});
