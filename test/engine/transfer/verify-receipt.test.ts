import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { availableHashes } from '../../../electron/engine/transfer/hash.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { readReceipt } from '../../../electron/engine/transfer/read-receipt.ts';
import type { VerifyOptions } from '../../../electron/engine/transfer/verify-receipt.ts';
import { verifyReceipt } from '../../../electron/engine/transfer/verify-receipt.ts';
import type { CheckResult } from '../../../shared/model/check.ts';
import type { Problems } from '../../../shared/model/transfer.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { TreeFile } from '../../support/received-tree.ts';
import { ReceivedTree, fileHashOf } from '../../support/received-tree.ts';

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

async function verify(arrived: number, more: Partial<VerifyOptions> = {}) {
  const fs = more.fs ?? realFileSystem;
  const receipt = await readReceipt(fs, tree.receipt, () => true);
  if (receipt === null) throw new Error('there is no receipt');
  return verifyReceipt(receipt, {
    fs,
    arrived,
    isWanted: () => true,
    onBytes: () => undefined,
    ...more,
  });
}

function told(result: CheckResult | null): Record<string, string> {
  if (result === null) throw new Error('it was stopped');
  const { files, intact, changed, missing, unchecked } = result;
  const all = [changed, missing, unchecked];
  expect(intact + all.reduce((sum, { count }) => sum + count, 0)).toBe(files);
  return Object.fromEntries(all.flatMap(({ examples }) => examples).map((p) => [p.path, p.code]));
}

/** What can become of a file, and what is to be said of it. */
type Deed = (path: string, bytes: number) => 'FILE_CHANGED_SINCE' | 'FILE_GONE_SINCE' | null;

/** Windows has no pipes among its files. */
const PIPES: Readonly<Record<string, Deed>> =
  process.platform === 'win32'
    ? {}
    : {
        'a pipe': (path) => {
          rmSync(path);
          execFileSync('mkfifo', [path]);
          return 'FILE_CHANGED_SINCE';
        },
      };

const DEEDS: Readonly<Record<string, Deed>> = {
  ...PIPES,
  nothing: () => null,
  'a new time': (path) => {
    utimesSync(path, 1, 1);
    return null;
  },
  'the same content, written anew': (path) => {
    const content = readFileSync(path);
    rmSync(path);
    writeFileSync(path, content);
    return null;
  },
  'a flipped byte': (path, bytes) => {
    if (bytes === 0) return null;
    const content = readFileSync(path);
    const at = bytes % 2 === 0 ? bytes - 1 : Math.floor(bytes / 2);
    content[at] = (content[at] ?? 0) ^ 1;
    const { mtime } = statSync(path);
    writeFileSync(path, content);
    utimesSync(path, mtime, mtime);
    return 'FILE_CHANGED_SINCE';
  },
  'a lost end': (path, bytes) => {
    if (bytes === 0) return null;
    truncateSync(path, bytes - 1);
    return 'FILE_CHANGED_SINCE';
  },
  'a longer end': (path, bytes) => {
    truncateSync(path, bytes + 1);
    return 'FILE_CHANGED_SINCE';
  },
  removal: (path) => {
    rmSync(path);
    return 'FILE_GONE_SINCE';
  },
  'another name': (path) => {
    renameSync(path, `${path} moved`);
    return 'FILE_GONE_SINCE';
  },
  'a link to the very same content': (path) => {
    renameSync(path, `${path} moved`);
    symlinkSync(`${path} moved`, path);
    return 'FILE_CHANGED_SINCE';
  },
  'a link to nothing': (path) => {
    rmSync(path);
    symlinkSync(join(dirname(path), 'nowhere'), path);
    return 'FILE_CHANGED_SINCE';
  },
  'a folder': (path) => {
    rmSync(path);
    mkdirSync(path);
    return 'FILE_CHANGED_SINCE';
  },
};

const name = fc.constantFrom('a', 'b', 'c', 'é', 'x y');
const size = fc.oneof(
  { weight: 8, arbitrary: fc.nat(2_000) },
  { weight: 1, arbitrary: fc.constantFrom(0, BLOCK_BYTES, BLOCK_BYTES + 1, 2 * BLOCK_BYTES - 1) },
);
const trees = fc
  .uniqueArray(
    fc.record({
      // a prefix for each depth: no file stands where another has a folder
      saved: fc
        .array(name, { minLength: 1, maxLength: 3 })
        .map((parts) => parts.map((part, at) => (at === parts.length - 1 ? `f${part}` : part))),
      bytes: size,
      deed: fc.constantFrom(...Object.keys(DEEDS)),
    }),
    { selector: ({ saved }) => saved.join('/'), minLength: 1, maxLength: 6 },
  )
  .map((files) => files.map((file) => ({ ...file, name: file.saved.join('/') })));

test('of every file it says what became of it, whatever became of the others', async () => {
  await fc.assert(
    fc.asyncProperty(trees, fc.constantFrom(...availableHashes), async (files, hash) => {
      tree.remove();
      tree = new ReceivedTree();
      tree.receive(files, { hash });
      const expected: Record<string, string> = {};
      for (const file of files) {
        const code = DEEDS[file.deed]?.(tree.pathOf(file.saved), file.bytes) ?? null;
        if (code !== null) expected[file.name] = code;
      }
      const before = readdirSync(tree.inbox, { recursive: true }).sort();
      const result = await verify(files.length);
      expect(told(result)).toEqual(expected);
      expect(result?.files).toBe(files.length);
      expect(readdirSync(tree.inbox, { recursive: true }).sort()).toEqual(before);
    }),
    { numRuns: 60 },
  );
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
  expect(told(await verify(3))).toEqual({});
  rmSync(tree.pathOf(['letter (3).txt']));
  rmSync(tree.pathOf(['trip (2)', 'raw', 'two.dng']));
  expect(told(await verify(3))).toEqual({
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
      expect(told(await verify(3))).toEqual({ 'trip/raw/two.dng': 'FILE_GONE_SINCE' });
    },
  );

  test('above the folder that things are received in may be a link: that is its owner’s affair', async () => {
    tree.receive(some);
    const moved = join(tree.folder, 'other disk');
    renameSync(tree.inbox, moved);
    symlinkSync(moved, tree.inbox);
    expect(told(await verify(3))).toEqual({});
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
    const result = await verify(3, { fs });
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
    expect(told(await verify(3, { fs }))).toEqual({ 'trip/raw/two.dng': 'DISK_ERROR' });
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
  expect(told(await verify(3, { fs }))).toEqual({ 'trip/raw/two.dng': 'FILE_CHANGED_SINCE' });
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
  expect(await verify(3, { fs })).toMatchObject({ files: 3, intact: 3 });
});

test('only the first of many problems are named, and all are counted', async () => {
  const many = Array.from({ length: 50 }, (_, n) => ({ saved: ['many', `${n}`], bytes: 10 }));
  tree.receive(many);
  rmSync(tree.pathOf(['many']), { recursive: true });
  const result = await verify(50);
  expect(result).toMatchObject({ files: 50, intact: 0, missing: { count: 50 } });
  expect(result?.missing.examples.map(({ path }) => path)).toEqual(
    many.slice(0, 20).map(({ saved }) => saved.join('/')),
  );
});

test('it goes through all bytes once, and stops when nobody wants it any more', async () => {
  tree.receive(some);
  const bytes: number[] = [];
  await verify(3, { onBytes: (count) => bytes.push(count) });
  expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
  expect(bytes.at(-1)).toBe(some.reduce((sum, file) => sum + file.bytes, 0));
  let isWanted = true;
  const stopped = verify(3, {
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
  await verify(1);
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(12);
});

test('a hash that cannot be computed here is said, and no file is called changed', async () => {
  tree.receive(some, { hash: 'sha256' });
  await expect(verify(3, { available: ['blake3'] })).rejects.toMatchObject({
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
  expect(told(await verify(2))).toEqual({
    'd/one': 'FILE_CHANGED_SINCE',
    'd/two': 'FILE_CHANGED_SINCE',
  });
});
