import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { readReceipt } from '../../../electron/engine/transfer/read-receipt.ts';
import { verifyReceipt } from '../../../electron/engine/transfer/verify-receipt.ts';
import type { Fact } from '../../../electron/engine/transfer/journal-records.ts';
import { toHex } from '../../../shared/protocol/hash-tree.ts';
import { ReceivedTree } from '../../support/received-tree.ts';

/** If these fail, what arrived is compared with what did not, or a damaged receipt passes for a whole one. */

let tree: ReceivedTree;
beforeEach(() => {
  tree = new ReceivedTree();
});
afterEach(() => {
  tree.remove();
});

const read = () => readReceipt(realFileSystem, tree.receipt, () => true);

/** `name size hash` of what the receipt tells of; the hash by its first digit. */
async function told(): Promise<string[] | null> {
  const receipt = await read();
  return (
    receipt &&
    [...receipt.files()].map(
      ({ name, bytes, hash, path }) =>
        `${name} ${bytes} ${toHex(hash)[0] ?? ''}${path === tree.pathOf(name.split('/')) ? '' : ' elsewhere'}`,
    )
  );
}

const hash = (digit: string): string => digit.repeat(64);
const whole = (index: number, digit: string): Fact => ({
  record: 'whole',
  index,
  hash: hash(digit),
});
const published = (index: number, name: string, digit: string): Fact => ({
  record: 'published',
  index,
  path: tree.pathOf([name]),
  hash: hash(digit),
});
const folder = (record: 'publishingFolder' | 'publishedFolder', as: string): Fact => ({
  record,
  name: 'd',
  path: tree.pathOf([as]),
});
const done: Fact = { record: 'done', hash: hash('0') };

const ENTRIES = [
  { saved: ['top'], bytes: 1 },
  { saved: ['d'], bytes: null },
  { saved: ['d', 'one'], bytes: 2 },
  { saved: ['d', 'deep', 'two'], bytes: 3 },
] as const;

test('each fact of a file takes the place of the one before', async () => {
  tree.writeReceipt(ENTRIES, [
    whole(2, '1'),
    published(0, 'top', '2'),
    whole(3, '3'),
    { record: 'dropped', index: 2 },
    whole(2, '4'),
    published(0, 'top (2)', '5'),
    folder('publishingFolder', 'd'),
    folder('publishingFolder', 'd (2)'),
    folder('publishedFolder', 'd (2)'),
    done,
  ]);
  expect(await told()).toEqual(['top (2) 1 5', 'd (2)/one 2 4', 'd (2)/deep/two 3 3']);
});

test('what did not arrive is not told of', async () => {
  tree.writeReceipt(ENTRIES, [
    { record: 'publishing', index: 0, path: tree.pathOf(['top']) },
    whole(2, '1'),
    { record: 'dropped', index: 2 },
    whole(3, '3'),
    folder('publishedFolder', 'd'),
    done,
  ]);
  expect(await told()).toEqual(['d/deep/two 3 3']);
});

test('a crash between the move of a folder and its fact costs nothing', async () => {
  tree.writeReceipt(ENTRIES, [whole(2, '1'), folder('publishingFolder', 'd (2)'), done]);
  expect(await told()).toEqual(['d (2)/one 2 1']);
});

test('a file that has its final name by itself is there, whatever folder it is in', async () => {
  const path = tree.pathOf(['d', 'one (2)']);
  tree.writeReceipt(ENTRIES, [{ record: 'published', index: 2, path, hash: hash('7') }, done]);
  expect(await told()).toEqual(['d/one (2) 2 7']);
});

test('facts of what is no file of the list say nothing', async () => {
  tree.writeReceipt(ENTRIES, [whole(1, '1'), whole(99, '2'), folder('publishedFolder', 'd'), done]);
  expect(await told()).toEqual([]);
});

test('what is no receipt is none', async () => {
  expect(await read()).toBe(null);
  for (const text of ['', '\n', 'x'.repeat(200_000), '\0'.repeat(70_000)]) {
    writeFileSync(tree.receipt, text);
    expect(await read()).toBe(null);
  }
});

test('one of many thousand files is read, and let go of when nobody wants it', async () => {
  const files = Array.from({ length: 20_000 }, (_, n) => ({
    saved: ['d', `ordner-${n % 30}`, `ß${n}`],
    bytes: n,
  }));
  const facts = files.map((_, index) => whole(index, (index % 16).toString(16)));
  tree.writeReceipt(files, [...facts, folder('publishedFolder', 'd'), done]);
  const receipt = await read();
  expect(receipt?.count).toBe(20_000);
  expect([...(receipt?.files() ?? [])].map(({ name }) => name)).toEqual(
    files.map(({ saved }) => saved.join('/')),
  );
  let looks = 0;
  expect(await readReceipt(realFileSystem, tree.receipt, () => ++looks < 5)).toBe(null);
  expect(looks).toBe(5);
});

test('damage is never hidden: what cannot be told any more is not called whole', async () => {
  const files = Array.from({ length: 8 }, (_, n) => ({
    saved: n < 4 ? [`top${n}`] : ['d', `f${n}`],
    bytes: 20 + n,
  }));
  tree.receive(files);
  const sound = readFileSync(tree.receipt);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(sound.length - 1), to: fc.nat(255) }), { maxLength: 4 }),
      fc.option(fc.nat(sound.length)),
      async (flips, cut) => {
        const damaged = Buffer.from(sound);
        for (const { at, to } of flips) damaged[at] = to;
        writeFileSync(tree.receipt, cut === null ? damaged : damaged.subarray(0, cut));
        const receipt = await read();
        if (receipt === null) return;
        const result = await verifyReceipt(receipt, {
          fs: realFileSystem,
          arrived: files.length,
          isWanted: () => true,
          onBytes: () => undefined,
        });
        // nobody touched the files
        expect(result).toMatchObject({
          files: 8,
          intact: receipt.count,
          changed: { count: 0 },
          missing: { count: 0 },
          unchecked: { count: 8 - receipt.count, examples: [] },
        });
      },
    ),
    { numRuns: 200 },
  );
});
