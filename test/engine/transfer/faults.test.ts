import fs from 'node:fs';
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileSystem, FileSystemCalls } from '../../../electron/engine/transfer/ports.ts';
import { GatedDisk } from '../../support/gated-disk.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { entryAt, leftovers, putFile, readTree, setFolderTimes } from '../../support/trees.ts';

/** Receiving disks that fail: each costs a transfer at most, and is told in words. */

const MIB = 1024 * 1024;
let bench: Bench;
let sender: TestSender;

beforeEach(async () => {
  bench = new Bench();
  sender = await bench.sender();
});
afterEach(() => bench.remove());

function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function selection(): string[] {
  putFile(bench.path('folder', 'sub', 'a.bin'), 2 * MIB, 1);
  putFile(bench.path('folder', 'b.bin'), 10, 2);
  setFolderTimes(bench.path('folder'));
  return [putFile(bench.path('single.bin'), 2 * MIB, 3), bench.path('folder')];
}

/** The receiver goes on serving after what happened. */
async function expectServing(receiver: TestReceiver): Promise<void> {
  const path = putFile(bench.path('after.txt'), 100, 9);
  const id = await sender.send([path], receiver.port);
  await sender.outcome('delivered', id);
  expect(entryAt(join(receiver.directory, 'after.txt'))).toEqual(entryAt(path));
}

/** Fails the nth call of one operation, once. */
function failing(operation: keyof FileSystemCalls, code: string, nth: number): Partial<FileSystem> {
  let calls = 0;
  const real = fs[operation] as (...args: unknown[]) => unknown;
  const call = (...args: unknown[]): unknown => {
    if (++calls !== nth) return real(...args);
    const done = args.at(-1);
    if (operation !== 'fsync' || typeof done !== 'function') throw errno(code);
    (done as (error: Error) => void)(errno(code));
    return undefined;
  };
  return { [operation]: call };
}

const OPERATIONS: readonly (readonly [keyof FileSystemCalls, number])[] = [
  ['statfsSync', 1],
  // the first two make the folders of the journals, before anybody listens
  ['mkdirSync', 3],
  ['mkdirSync', 4],
  ['openSync', 1],
  ['openSync', 2],
  ['openSync', 3],
  ['openSync', 5],
  ['writeSync', 1],
  ['writeSync', 12],
  ['fsync', 1],
  ['fsync', 2],
  ['fsync', 4],
  ['fsync', 6],
  ['fsync', 8],
  ['linkSync', 1],
  ['renameSync', 1],
];
/** The others are tried by the fault matrix, F08. */
const CODES = [
  ['ENOSPC', 'DISK_FULL'],
  ['EIO', 'DISK_ERROR'],
] as const;

test.each(OPERATIONS.flatMap(([operation, nth]) => CODES.map((code) => [operation, nth, ...code])))(
  'a receiving disk whose %s (call %i) answers %s says %s, and what comes again arrives whole',
  async (operation, nth, code, expected) => {
    const receiver = await bench.receiver({
      fs: failing(operation as keyof FileSystemCalls, code as string, nth as number),
    });
    const id = await sender.send(selection(), receiver.port);
    const { outcome } = await sender.event('ended', id);
    if (outcome.kind === 'failed') {
      expect(outcome.failure.code).toBe(expected);
      const told = await Promise.race([
        receiver.event('interrupted', id).then(({ failure }) => failure),
        receiver.outcome('failed', id).then(({ failure }) => failure),
      ]);
      expect(told.code).toBe(expected);
      // what was whole before the fault keeps its name, and nothing else has one
      const whole = readdirSync(receiver.directory).filter((name) => !name.startsWith('.'));
      for (const name of whole) {
        expect(entryAt(join(receiver.directory, name)).hash).toBe(entryAt(bench.path(name)).hash);
      }
      const again = await sender.send(selection(), receiver.port);
      await sender.outcome('delivered', again);
    } else expect(outcome.kind).toBe('delivered');
    expect(leftovers(receiver.directory)).toEqual([]);
    expect(readdirSync(receiver.directory).sort()).toEqual(['folder', 'single.bin']);
    expect(entryAt(join(receiver.directory, 'single.bin'))).toEqual(
      entryAt(bench.path('single.bin')),
    );
    expect(readTree(join(receiver.directory, 'folder'))).toEqual(readTree(bench.path('folder')));
    await expectServing(receiver);
  },
);

test.each(['futimesSync', 'lutimesSync'] as const)(
  'a disk that cannot hold times (%s) still holds the files',
  async (operation) => {
    const fail = (): never => {
      throw errno('EPERM');
    };
    const receiver = await bench.receiver({ fs: { [operation]: fail } });
    const id = await sender.send(selection(), receiver.port);
    await sender.outcome('delivered', id);
    expect(readdirSync(receiver.directory).sort()).toEqual(['folder', 'single.bin']);
  },
);

// Windows is never asked to
test.skipIf(process.platform === 'win32')(
  'a disk that cannot sync directories still delivers',
  async () => {
    const directories = new Set<number>();
    const receiver = await bench.receiver({
      fs: {
        openSync: (path, flags, mode) => {
          const fd = fs.openSync(path, flags, mode);
          if (fs.fstatSync(fd).isDirectory()) directories.add(fd);
          else directories.delete(fd);
          return fd;
        },
        fsync: ((fd: number, done: (error: Error | null) => void) => {
          if (directories.has(fd)) done(errno('EINVAL'));
          else fs.fsync(fd, done);
        }) as FileSystem['fsync'],
      },
    });
    const id = await sender.send(selection(), receiver.port);
    await sender.outcome('delivered', id);
    expect(directories.size).toBeGreaterThan(0);
  },
);

test('a disk without hard links takes names by a placeholder, and never writes over one', async () => {
  const receiver = await bench.receiver({
    fs: {
      linkSync: () => {
        throw errno('EPERM');
      },
    },
  });
  writeFileSync(join(receiver.directory, 'single.bin'), 'mine');
  const id = await sender.send(selection(), receiver.port);
  await sender.outcome('delivered', id);
  expect(readdirSync(receiver.directory).sort()).toEqual([
    'folder',
    'single (2).bin',
    'single.bin',
  ]);
  expect(entryAt(join(receiver.directory, 'single.bin')).bytes).toBe(4);
  const fresh = entryAt(join(receiver.directory, 'single (2).bin'));
  expect(fresh).toEqual(entryAt(bench.path('single.bin')));
});

test('a placeholder does not stay where the file cannot follow it', async () => {
  const receiver = await bench.receiver({
    fs: {
      linkSync: () => {
        throw errno('EPERM');
      },
      ...failing('renameSync', 'EIO', 1),
    },
  });
  const [single = ''] = selection();
  const id = await sender.send([single], receiver.port);
  await receiver.event('interrupted', id);
  const names = readdirSync(receiver.directory);
  expect(names.filter((name) => !name.startsWith('.dropline-'))).toEqual([]);
});

test('a disk without room refuses before a byte is sent', async () => {
  const receiver = await bench.receiver({
    fs: {
      statfsSync: (() => ({ bavail: 1000, bsize: 4096, blocks: 10_000 })) as never,
    },
  });
  const id = await sender.send(selection(), receiver.port);
  const sent = await sender.outcome('failed', id);
  expect(sent.failure.code).toBe('DISK_FULL');
  const { failure } = await receiver.outcome('failed', id);
  expect(failure.details).toMatchObject({ freeBytes: 1000 * 4096 });
  expect(readdirSync(receiver.directory)).toEqual([]);
});

test.each(['gone before it is accepted', 'a file'])('a destination that is %s', async (what) => {
  const receiver = await bench.receiver();
  receiver.accepts = false;
  const id = await sender.send(selection(), receiver.port);
  await receiver.event('offered', id);
  rmSync(receiver.directory, { recursive: true });
  if (what === 'a file') writeFileSync(receiver.directory, '');
  await receiver.accept(id);
  expect((await sender.outcome('failed', id)).failure.code).toBe('DISK_ERROR');
  expect((await receiver.outcome('failed', id)).failure.code).toBe('DISK_ERROR');
});

test.each(['removed', 'moved away'])('a destination that is %s while it fills', async (what) => {
  const disk = new GatedDisk();
  const receiver = await bench.receiver({ fs: disk.fs });
  const away = bench.path('away');
  disk.onWrite = (writtenBytes) => {
    if (writtenBytes < MIB) return;
    disk.onWrite = () => undefined;
    if (what === 'removed') rmSync(receiver.directory, { recursive: true });
    else renameSync(receiver.directory, away);
  };
  const id = await sender.send(selection(), receiver.port);
  expect((await sender.outcome('failed', id)).failure.code).toBe('DISK_ERROR');
  expect((await receiver.event('interrupted', id)).failure.code).toBe('DISK_ERROR');
  fs.mkdirSync(receiver.directory, { recursive: true });
  await expectServing(receiver);
  expect(disk.open).toEqual([]);
});

test('several files beside each other, cut and then cancelled, leave no part file', async () => {
  const disk = new GatedDisk();
  const receiver = await bench.receiver({ fs: disk.fs });
  const proxy = await Proxy.open(receiver.port);
  proxy.setFates({ cutAfterBytes: 12 * MIB });
  const paths = [1, 2, 3, 4].map((n) => putFile(bench.path(`f${n}`), 5 * MIB, n));
  disk.holds = (path) => path.endsWith('-1.part');
  const id = await sender.send(paths, proxy.port, { retryForMs: 0 });
  await sender.outcome('failed', id);
  disk.release();
  await receiver.event('interrupted', id);
  await receiver.cancel(id);
  await receiver.outcome('cancelled', id);
  expect(leftovers(receiver.directory)).toEqual([]);
  expect(disk.open).toEqual([]);
  await proxy.stop();
});
