import { constants } from 'node:fs';
import { expect } from 'vitest';
import type { FileSystem } from '../../electron/engine/transfer/ports.ts';
import { everyPrefix, someStates } from './support/crash-states.ts';
import { contentOf, pathsIn } from './support/disk-log.ts';
import { Random } from './support/random.ts';
import { SimDisk } from './support/sim-disk.ts';
import { posixTest as test } from '../support/posix-test.ts';

/**
 * The power cuts of F03 are only as good as the disk that they happen to. Programs that are known to be
 * wrong must be caught by it, and the one that is right must not.
 */

const CONTENT = new Uint8Array(20_000).map((_, at) => at * 7);

interface Program {
  (fs: FileSystem, sync: (fd: number) => Promise<void>): Promise<void>;
}

/** What a power cut leaves wrong after this program has said that it is done, and before. */
async function faultsOf(program: Program): Promise<Set<string>> {
  const disk = new SimDisk();
  disk.fs.mkdirSync('/in');
  const start = new SimDisk(disk.image);
  const sync = (fd: number): Promise<void> =>
    new Promise((resolve, reject) => {
      start.fs.fsync(fd, (error) => (error ? reject(error) : resolve()));
    });
  await program(start.fs, sync);
  start.note('done');
  const faults = new Set<string>();
  const states = [
    ...everyPrefix(start.start, start.log),
    ...someStates(start.start, start.log, new Random(1), 500),
  ];
  for (const { image, told } of states) {
    const final = pathsIn(image).get('/in/final');
    if (final === undefined) {
      if (told.includes('done')) faults.add('lost');
    } else if (Buffer.compare(contentOf(final), CONTENT) !== 0) faults.add('wrong bytes');
  }
  return faults;
}

function write(fs: FileSystem, path: string): number {
  const fd = fs.openSync(path, 'wx');
  for (let at = 0; at < CONTENT.length; at += 6000) {
    fs.writeSync(fd, CONTENT, at, Math.min(6000, CONTENT.length - at), at);
  }
  return fd;
}

async function syncDirectory(fs: FileSystem, sync: (fd: number) => Promise<void>): Promise<void> {
  const fd = fs.openSync('/in', constants.O_RDONLY);
  await sync(fd);
  fs.closeSync(fd);
}

test('catches a program that writes under the final name', async () => {
  const faults = await faultsOf(async (fs, sync) => {
    const fd = write(fs, '/in/final');
    await sync(fd);
    fs.closeSync(fd);
    await syncDirectory(fs, sync);
  });
  expect([...faults]).toEqual(['wrong bytes']);
});

test('catches a program that renames before the bytes are synced', async () => {
  const faults = await faultsOf(async (fs, sync) => {
    const fd = write(fs, '/in/part');
    fs.renameSync('/in/part', '/in/final');
    await sync(fd);
    fs.closeSync(fd);
    await syncDirectory(fs, sync);
  });
  expect([...faults]).toEqual(['wrong bytes']);
});

test('catches a program that never syncs the bytes', async () => {
  const faults = await faultsOf(async (fs, sync) => {
    fs.closeSync(write(fs, '/in/part'));
    fs.renameSync('/in/part', '/in/final');
    await syncDirectory(fs, sync);
  });
  expect([...faults]).toEqual(['wrong bytes']);
});

test('catches a program that says done before the name is synced', async () => {
  const faults = await faultsOf(async (fs, sync) => {
    const fd = write(fs, '/in/part');
    await sync(fd);
    fs.closeSync(fd);
    fs.linkSync('/in/part', '/in/final');
    fs.unlinkSync('/in/part');
  });
  expect([...faults]).toEqual(['lost']);
});

test('catches bytes that are written after the sync began', async () => {
  const faults = await faultsOf(async (fs, sync) => {
    const fd = fs.openSync('/in/part', 'wx');
    fs.writeSync(fd, CONTENT, 0, 6000, 0);
    const synced = sync(fd);
    fs.writeSync(fd, CONTENT, 6000, CONTENT.length - 6000, 6000);
    await synced;
    fs.renameSync('/in/part', '/in/final');
    await syncDirectory(fs, sync);
  });
  expect([...faults]).toEqual(['wrong bytes']);
});

test.each(['rename', 'link'])('lets pass what is right, by %s', async (how) => {
  const faults = await faultsOf(async (fs, sync) => {
    const fd = write(fs, '/in/part');
    await sync(fd);
    fs.closeSync(fd);
    if (how === 'rename') fs.renameSync('/in/part', '/in/final');
    else {
      fs.linkSync('/in/part', '/in/final');
      fs.unlinkSync('/in/part');
    }
    await syncDirectory(fs, sync);
  });
  expect([...faults]).toEqual([]);
});

test('a folder whose files are synced but whose own names are not can be empty', async () => {
  const disk = new SimDisk();
  const { fs } = disk;
  fs.mkdirSync('/staging');
  const fd = write(fs, '/staging/a');
  await new Promise((resolve) => fs.fsync(fd, resolve));
  fs.renameSync('/staging', '/final');
  const root = fs.openSync('/', 'r');
  await new Promise((resolve) => fs.fsync(root, resolve));
  const seen = new Set<string>();
  for (const { image } of everyPrefix(disk.start, disk.log)) {
    seen.add([...pathsIn(image).keys()].join());
  }
  expect(seen).toContain('/final');
  expect(seen).toContain('/final,/final/a');
});

test('behaves as a file system does', () => {
  const { fs, openCount } = new SimDisk();
  expect(openCount).toBe(0);
  fs.mkdirSync('/a');
  expect(() => fs.mkdirSync('/a')).toThrow('EEXIST');
  expect(() => fs.openSync('/a/x', 'r')).toThrow('ENOENT');
  const fd = fs.openSync('/a/x', 'wx');
  expect(() => fs.openSync('/a/x', 'wx')).toThrow('EEXIST');
  fs.writeSync(fd, new Uint8Array([1, 2, 3]), 0, 3, 2);
  expect(fs.fstatSync(fd).size).toBe(5);
  const bytes = new Uint8Array(9);
  expect(fs.readSync(fd, bytes, 0, 9, 1)).toBe(4);
  expect([...bytes.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
  fs.closeSync(fd);
  expect(() => fs.fstatSync(fd)).toThrow('EBADF');
  fs.linkSync('/a/x', '/a/y');
  expect(() => fs.linkSync('/a/x', '/a/y')).toThrow('EEXIST');
  expect(() => fs.rmdirSync('/a')).toThrow('ENOTEMPTY');
  fs.mkdirSync('/b');
  fs.renameSync('/a', '/b');
  expect(fs.readdirSync('/b')).toEqual(['x', 'y']);
  expect(() => fs.renameSync('/b/x', '/c/x')).toThrow('ENOENT');
  for (const name of ['x', 'y']) fs.unlinkSync(`/b/${name}`);
  fs.rmdirSync('/b');
  expect(fs.readdirSync('/')).toEqual([]);
});
