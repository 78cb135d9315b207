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
import { removalSteps } from '../../../electron/engine/transfer/staged-removal.ts';
import { Staging } from '../../../electron/engine/transfer/staging.ts';
import { atOnce } from '../../../shared/protocol/steps.ts';

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
  ...['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EISDIR'].map(
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
