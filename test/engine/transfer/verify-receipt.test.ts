import {
  cpSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import type { Problems } from '../../../shared/model/transfer.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { TreeFile } from '../../support/received-tree.ts';
import { ReceivedTree, fileHashOf } from '../../support/received-tree.ts';
import { told, verify } from '../../support/verify-tree.ts';

/**
 * If these fail, a person is told that everything is as it arrived while a file has rotted, or that
 * something changed which nobody touched.
 */

type ReadArgs = [fd: number, buffer: Uint8Array, offset: number, length: number, at: number];

let tree: ReceivedTree;
beforeEach(() => {
  tree = new ReceivedTree();
});
afterEach(() => {
  tree.remove();
});

const some: readonly TreeFile[] = [
  { saved: ['letter.txt'], bytes: 40 },
  { saved: ['trip', 'one.jpg'], bytes: 3_000 },
  { saved: ['trip', 'raw', 'two.dng'], bytes: BLOCK_BYTES + 5 },
];
const NONE: Problems = { count: 0, examples: [] };

test('what got another name because its own was taken is looked for under that', async () => {
  const renamed = new Map([
    ['trip', 'trip (2)'],
    ['letter.txt', 'letter (3).txt'],
  ]);
  tree.receive(some, { renamed });
  expect(told(await verify(tree, 3))).toEqual({});
  rmSync(tree.pathOf(['letter (3).txt']));
  rmSync(tree.pathOf(['trip (2)', 'raw', 'two.dng']));
  expect(told(await verify(tree, 3))).toEqual({
    'letter (3).txt': 'FILE_GONE_SINCE',
    'trip (2)/raw/two.dng': 'FILE_GONE_SINCE',
  });
});

describe('a folder on the way', () => {
  test.each(['link', 'file', 'gone'])(
    'that is a %s now has nothing of what was saved in it',
    async (what) => {
      tree.receive(some);
      const folder = tree.pathOf(['trip', 'raw']);
      const moved = join(tree.folder, 'moved');
      cpSync(folder, moved, { recursive: true });
      rmSync(folder, { recursive: true });
      if (what === 'link') symlinkSync(moved, folder);
      if (what === 'file') writeFileSync(folder, '');
      expect(told(await verify(tree, 3))).toEqual({ 'trip/raw/two.dng': 'FILE_GONE_SINCE' });
    },
  );

  test('above the folder that things are received in may be a link: that is its owner’s affair', async () => {
    tree.receive(some);
    const moved = join(tree.folder, 'other disk');
    renameSync(tree.inbox, moved);
    symlinkSync(moved, tree.inbox);
    expect(told(await verify(tree, 3))).toEqual({});
  });
});

describe('a file that cannot be read', () => {
  test.each([
    ['EACCES', 'SOURCE_UNREADABLE'],
    ['EBUSY', 'SOURCE_UNREADABLE'],
    ['EIO', 'DISK_ERROR'],
  ])('with %s counts as neither whole nor changed', async (errno, code) => {
    tree.receive(some);
    const fs: FileSystem = {
      ...realFileSystem,
      openSync: (path, ...rest) => {
        if (String(path).endsWith('one.jpg'))
          throw Object.assign(new Error(errno), { code: errno });
        return realFileSystem.openSync(path, ...rest);
      },
    };
    const result = await verify(tree, 3, { fs });
    expect(result).toMatchObject({ intact: 2, changed: NONE, missing: NONE });
    expect(told(result)).toEqual({ 'trip/one.jpg': code });
  });

  test('because the disk fails in its middle costs no other, and nothing stays open', async () => {
    tree.receive(some);
    const open = new Set<number>();
    const fs: FileSystem = {
      ...realFileSystem,
      openSync: (path, ...rest) => {
        const fd = realFileSystem.openSync(path, ...rest);
        open.add(fd);
        return fd;
      },
      closeSync: (fd) => {
        open.delete(fd);
        realFileSystem.closeSync(fd);
      },
      readSync: ((...args: ReadArgs) => {
        if (args[4] === BLOCK_BYTES) throw Object.assign(new Error('EIO'), { code: 'EIO' });
        return realFileSystem.readSync(...args);
      }) as FileSystem['readSync'],
    };
    expect(told(await verify(tree, 3, { fs }))).toEqual({ 'trip/raw/two.dng': 'DISK_ERROR' });
    expect(open).toEqual(new Set());
  });
});

test('a file that grows while it is read is not as it arrived', async () => {
  tree.receive(some);
  const path = tree.pathOf(['trip', 'raw', 'two.dng']);
  const fs: FileSystem = {
    ...realFileSystem,
    readSync: ((...args: ReadArgs) => {
      const count = realFileSystem.readSync(...args);
      if (args[4] === BLOCK_BYTES) {
        const fd = openSync(path, 'a');
        writeSync(fd, 'more');
        closeSync(fd);
      }
      return count;
    }) as FileSystem['readSync'],
  };
  expect(told(await verify(tree, 3, { fs }))).toEqual({ 'trip/raw/two.dng': 'FILE_CHANGED_SINCE' });
});

test('reads are taken as they come, however short', async () => {
  tree.receive(some);
  const fs: FileSystem = {
    ...realFileSystem,
    readSync: ((...[fd, buffer, offset, length, at]: ReadArgs) =>
      realFileSystem.readSync(
        fd,
        buffer,
        offset,
        Math.min(length, 65_537),
        at,
      )) as FileSystem['readSync'],
  };
  expect(await verify(tree, 3, { fs })).toMatchObject({ files: 3, intact: 3 });
});

test('only the first of many problems are named, and all are counted', async () => {
  const many = Array.from({ length: 50 }, (_, n) => ({ saved: ['many', `${n}`], bytes: 10 }));
  tree.receive(many);
  rmSync(tree.pathOf(['many']), { recursive: true });
  const result = await verify(tree, 50);
  expect(result).toMatchObject({ files: 50, intact: 0, missing: { count: 50 } });
  expect(result?.missing.examples.map(({ path }) => path)).toEqual(
    many.slice(0, 20).map(({ saved }) => saved.join('/')),
  );
});

test('it goes through all bytes once, and stops when nobody wants it any more', async () => {
  tree.receive(some);
  const bytes: number[] = [];
  await verify(tree, 3, { onBytes: (count) => bytes.push(count) });
  expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
  expect(bytes.at(-1)).toBe(some.reduce((sum, file) => sum + file.bytes, 0));
  let isWanted = true;
  const stopped = verify(tree, 3, {
    isWanted: () => isWanted,
    onBytes: (count) => {
      if (count > 3_040) isWanted = false;
    },
  });
  expect(await stopped).toBe(null);
});

test('others have their turn at least once a mebibyte', async () => {
  tree.receive([{ saved: ['big'], bytes: 12 * BLOCK_BYTES }]);
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await verify(tree, 1);
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(12);
});

test('a hash that cannot be computed here is said, and no file is called changed', async () => {
  tree.receive(some, { hash: 'sha256' });
  await expect(verify(tree, 3, { available: ['blake3'] })).rejects.toMatchObject({
    code: 'HASH_UNAVAILABLE',
    details: { hash: 'sha256' },
  });
});

test('the content of a file may not stand for another one’s', async () => {
  tree.receive([
    { saved: ['d', 'one'], bytes: 100 },
    { saved: ['d', 'two'], bytes: 100 },
  ]);
  const [one, two] = [tree.pathOf(['d', 'one']), tree.pathOf(['d', 'two'])];
  const content = readFileSync(one);
  writeFileSync(one, readFileSync(two));
  writeFileSync(two, content);
  expect(fileHashOf(content)).not.toBe(fileHashOf(readFileSync(one)));
  expect(told(await verify(tree, 2))).toEqual({
    'd/one': 'FILE_CHANGED_SINCE',
    'd/two': 'FILE_CHANGED_SINCE',
  });
});
