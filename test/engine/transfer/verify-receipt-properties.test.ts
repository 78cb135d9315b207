import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { availableHashes } from '../../../electron/engine/transfer/hash.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import { ReceivedTree } from '../../support/received-tree.ts';
import { told, verify } from '../../support/verify-tree.ts';

/** Whatever becomes of any of the files that arrived, each is told of as it is. */

let tree: ReceivedTree;
beforeEach(() => {
  tree = new ReceivedTree();
});
afterEach(() => {
  tree.remove();
});

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
      const result = await verify(tree, files.length);
      expect(told(result)).toEqual(expected);
      expect(result?.files).toBe(files.length);
      expect(readdirSync(tree.inbox, { recursive: true }).sort()).toEqual(before);
    }),
    { numRuns: 60 },
  );
});
