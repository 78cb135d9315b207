import fs from 'node:fs';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Journal } from '../../../electron/engine/transfer/journal.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { freePath, publishFile, publishFolder } from '../../../electron/engine/transfer/publish.ts';
import type { PublisherOptions } from '../../../electron/engine/transfer/publisher.ts';
import { Publisher } from '../../../electron/engine/transfer/publisher.ts';
import { checkRoom } from '../../../electron/engine/transfer/room.ts';
import { scan } from '../../../electron/engine/transfer/scan.ts';
import { diskSource } from '../../../electron/engine/transfer/source.ts';
import { removalSteps } from '../../../electron/engine/transfer/staged-removal.ts';
import { Staging } from '../../../electron/engine/transfer/staging.ts';
import { atOnce } from '../../../shared/protocol/steps.ts';
import { SyncQueue } from '../../../electron/engine/transfer/sync-queue.ts';
import { putFile, setTime } from '../../support/trees.ts';

/** The small parts that touch the disk, each by itself. */

const real = realFileSystem;
const TOKEN = '0123456789abcdef';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-disk-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, text = name): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function answering(operation: keyof FileSystem, code: string): FileSystem {
  const fail = (): never => {
    throw Object.assign(new Error(code), { code });
  };
  return { ...real, [operation]: fail };
}

const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

const DISKS: readonly (readonly [string, FileSystem])[] = [
  ['a disk with links', real],
  ...['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'].map(
    (code) => [`a disk that answers ${code}`, answering('linkSync', code)] as const,
  ),
];

test.each(DISKS)('%s: a file gets its name or the next free one, over nothing', (_what, disk) => {
  put('a.txt', 'mine');
  mkdirSync(join(folder, 'a (2).txt'));
  symlinkSync('nowhere', join(folder, 'a (3).txt'));
  const part = put('.part', 'new');
  for (const name of ['a.txt', 'a (2).txt', 'a (3).txt']) {
    expect(() => publishFile(disk, part, join(folder, name), TOKEN)).toThrow('EEXIST');
  }
  const path = freePath(disk, folder, 'a.txt', 'file');
  publishFile(disk, part, path, TOKEN);
  expect(path).toBe(join(folder, 'a (4).txt'));
  expect(readdirSync(folder).sort()).toEqual(['a (2).txt', 'a (3).txt', 'a (4).txt', 'a.txt']);
  expect([text('a.txt'), text('a (4).txt')]).toEqual(['mine', 'new']);
});

test('a folder gets its name or the next free one, over nothing', () => {
  put('trip');
  mkdirSync(join(folder, 'trip (2)'));
  mkdirSync(join(folder, '.staging', 'ours'), { recursive: true });
  const staging = join(folder, '.staging');
  for (const name of ['trip', 'trip (2)']) {
    expect(() => {
      publishFolder(real, staging, join(folder, name));
    }).toThrow('EEXIST');
  }
  const path = freePath(real, folder, 'trip', 'directory');
  publishFolder(real, staging, path);
  expect(path).toBe(join(folder, 'trip (3)'));
  expect(readdirSync(path)).toEqual(['ours']);
  expect(readdirSync(folder).sort()).toEqual(['trip', 'trip (2)', 'trip (3)']);
});

test('a folder that cannot be moved leaves no empty one under the name', () => {
  mkdirSync(join(folder, '.staging'));
  const disk = answering('renameSync', 'EIO');
  expect(() => {
    publishFolder(disk, join(folder, '.staging'), join(folder, 'trip'));
  }).toThrow('EIO');
  expect(readdirSync(folder)).toEqual(['.staging']);
});

test('giving up removes what was made here, and nothing that others put there', async () => {
  const entries = [
    { kind: 'file', saved: ['a', 'b', 'x'] },
    { kind: 'directory', saved: ['c'] },
    { kind: 'file', saved: ['d'] },
    { kind: 'file', saved: ['e', 'y'] },
  ] as const;
  put('mine');
  put('.dropline-ffffffffffffffff-0.part', 'of another transfer');
  const staging = new Staging(real, folder, '0123456789abcdef', entries);
  await staging.make(() => false);
  expect(readdirSync(folder).filter((name) => !name.startsWith('.'))).toEqual(['mine']);
  writeFileSync(staging.pathOf(0), 'part');
  writeFileSync(staging.pathOf(2), 'part');
  expect([0, 1, 2].map((index) => staging.isSingle(index))).toEqual([false, false, true]);
  expect(atOnce(removalSteps(real, folder, '0123456789abcdef'))).toBe(true);
  expect(readdirSync(folder)).toEqual(['.dropline-ffffffffffffffff-0.part', 'mine']);
});

test('a link in the place of a staging folder is removed, and what it leads to is not', () => {
  mkdirSync(join(folder, 'theirs'));
  writeFileSync(join(folder, 'theirs', 'content'), '');
  symlinkSync(join(folder, 'theirs'), join(folder, '.dropline-0123456789abcdef-folder-0.part'));
  expect(atOnce(removalSteps(real, folder, '0123456789abcdef'))).toBe(true);
  expect(readdirSync(folder)).toEqual(['theirs']);
  expect(readdirSync(join(folder, 'theirs'))).toEqual(['content']);
});

test('room: what would eat into the reserve is refused, nothing needs no room', () => {
  const disk = (free: number): FileSystem => ({
    ...real,
    statfsSync: (() => ({ bavail: free, bsize: 1, blocks: 1_000_000 })) as never,
  });
  expect(() => checkRoom(disk(150_000), folder, 100_000)).not.toThrow();
  expect(() => checkRoom(disk(150_000), folder, 100_001)).toThrow('DISK_FULL');
  expect(() => checkRoom(disk(0), folder, 0)).not.toThrow();
  expect(() => checkRoom(real, join(folder, 'gone'), 1)).toThrow('DISK_ERROR');
});

const lost = (): void => undefined;

interface PendingSync {
  readonly fd: number;
  readonly done: (error: Error | null) => void;
}

function syncs() {
  const pending: PendingSync[] = [];
  const closed: number[] = [];
  const disk: FileSystem = {
    ...real,
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

function publisherOn(disk: FileSystem, given: Partial<PublisherOptions> = {}): Publisher {
  const journal = { append: () => undefined, sync: () => Promise.resolve() };
  return new Publisher({
    fs: disk,
    journal: journal as unknown as Journal,
    directory: folder,
    token: '0123456789abcdef',
    targetOf: (index) => ({ directory: folder, name: `f${index}`, replaces: null }),
    isWanted: () => true,
    isSound: () => Promise.resolve(true),
    onLost: () => undefined,
    isRefused: () => false,
    onPublished: () => undefined,
    ...given,
  });
}

test('publishing that has failed stays so, and what comes after it holds nobody up', async () => {
  const publisher = publisherOn(answering('linkSync', 'EIO'));
  publisher.add({ index: 0, part: put('.part-0'), hash: '' });
  await expect(publisher.settled()).rejects.toMatchObject({ code: 'DISK_ERROR' });
  publisher.add({ index: 1, part: put('.part-1'), hash: '' });
  await expect(publisher.settled()).rejects.toMatchObject({ code: 'DISK_ERROR' });
});

test('a file that is stopped while it is read again gets no name', async () => {
  let isWanted = true;
  const publisher = publisherOn(real, {
    isWanted: () => isWanted,
    isSound: () => {
      isWanted = false;
      return Promise.resolve(true);
    },
  });
  publisher.add({ index: 0, part: put('.part-0'), hash: '' });
  await publisher.settled();
  expect(readdirSync(folder)).toEqual(['.part-0']);
});

const signal = new AbortController().signal;

test('a scan lists what there is, in an order in which folders come before what is in them', async () => {
  putFile(join(folder, 'top', 'sub', 'a'), 3);
  mkdirSync(join(folder, 'top', 'empty'));
  const found = await scan(real, [join(folder, 'top')], signal);
  const paths = [...found.entries].map(({ path }) => path.join('/'));
  expect([...paths].sort()).toEqual(['top', 'top/empty', 'top/sub', 'top/sub/a']);
  expect(paths.indexOf('top/sub')).toBeLessThan(paths.indexOf('top/sub/a'));
  expect(found.items).toEqual([{ name: 'top', kind: 'folder' }]);
});

test('a scan leaves out names that no receiver takes, and says so', async () => {
  mkdirSync(join(folder, 'top'));
  fs.writeFileSync(Buffer.from(`${folder}/top/bad\xff`, 'latin1'), '');
  putFile(join(folder, 'top', '…'), 1);
  putFile(join(folder, 'top', '. .'), 1);
  putFile(join(folder, 'top', 'good'), 1);
  const found = await scan(real, [join(folder, 'top')], signal);
  const names = [...found.entries].map(({ path }) => path.at(-1));
  expect(names).toContain('good');
  expect(names).not.toContain('. .');
  expect(found.leftOut.count + found.entries.length).toBe(5);
});

test('a scan of what is not there fails, one of the same thing twice has it twice', async () => {
  const gone = scan(real, [join(folder, 'gone')], signal);
  await expect(gone).rejects.toMatchObject({ code: 'PATH_NOT_FOUND' });
  const path = put('a.txt');
  const twice = await scan(real, [path, path], signal);
  expect(twice.items.map(({ name }) => name)).toEqual(['a.txt', 'a (2).txt']);
});

test('a scan that is cancelled stops', async () => {
  for (let n = 0; n < 600; n++) put(`f${n}`);
  const abort = new AbortController();
  const scanning = scan(real, [folder], abort.signal);
  abort.abort();
  await expect(scanning).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a source reads any range, and less than asked for only at the end', async () => {
  const path = putFile(join(folder, 'a.bin'), 1000, 4);
  const source = diskSource(real, await scan(real, [path], signal));
  const file = await source.open(0);
  const target = new Uint8Array(300);
  expect(await file.read(target, 100)).toBe(300);
  expect(Buffer.from(target).equals(readFileSync(path).subarray(100, 400))).toBe(true);
  expect(await file.read(target, 900)).toBe(100);
  expect(await file.read(target, 5000)).toBe(0);
  expect(() => file.check()).not.toThrow();
  fs.appendFileSync(path, 'more');
  expect(() => file.check()).toThrow('SOURCE_CHANGED');
  file.close();
});

test.each([
  ['is gone', (path: string) => rmSync(path)],
  ['is longer', (path: string) => fs.appendFileSync(path, 'x')],
  ['has another time', (path: string) => setTime(path, 5)],
  [
    'is a link now',
    (path: string) => {
      fs.renameSync(path, `${path}.real`);
      symlinkSync(`${path}.real`, path);
    },
  ],
  [
    'is a folder now',
    (path: string) => {
      rmSync(path);
      mkdirSync(path);
    },
  ],
])(
  'a source that %s since the scan does not open, and leaves nothing open',
  async (_what, change) => {
    const open = new Set<number>();
    const disk: FileSystem = {
      ...real,
      openSync: (...args) => {
        const fd = fs.openSync(...args);
        open.add(fd);
        return fd;
      },
      closeSync: (fd) => {
        open.delete(fd);
        fs.closeSync(fd);
      },
    };
    const path = put('a.txt');
    const source = diskSource(disk, await scan(real, [path], signal));
    change(path);
    expect(() => source.open(0)).toThrow(/SOURCE_CHANGED|SOURCE_UNREADABLE/);
    expect(open.size).toBe(0);
  },
);
