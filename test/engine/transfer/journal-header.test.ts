import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JournalShelf } from '../../../electron/engine/transfer/journal-shelf.ts';
import { Journal } from '../../../electron/engine/transfer/journal.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { journalHeader } from '../../support/journal-header.ts';
import { TRANSFER_ID } from '../../support/memory-tree.ts';

/**
 * If these fail, one bad sector in the first line of a journal leaves gigabytes of hidden files to a person
 * who does not know what they are, and all of it is sent again.
 */

const SECTOR_BYTES = 4096;
const HEADER = journalHeader();
let home: string;
let shelf: JournalShelf;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'dropline-journal-'));
  shelf = new JournalShelf(realFileSystem, home);
  const listed = [{ bytes: 1, saved: ['a'] }];
  const journal = await Journal.create(
    realFileSystem,
    shelf.pathOf(TRANSFER_ID),
    journalHeader(),
    listed,
  );
  await journal.close();
});
afterEach(() => rmSync(home, { recursive: true }));

/** Where each copy of the header begins. */
function copies(text: string): number[] {
  return [...text.matchAll(/"record":"header"/g)].map(({ index }) => index);
}

/** Of whatever a disk answers for a sector that it has lost. */
function damageSectorAt(path: string, at: number): void {
  const content = readFileSync(path);
  const from = at - (at % SECTOR_BYTES);
  writeFileSync(path, content.fill(0, from, from + SECTOR_BYTES));
}

test('the header is there twice, and no sector holds both', () => {
  const [first = 0, second = 0, ...more] = copies(readFileSync(shelf.pathOf(TRANSFER_ID), 'utf8'));
  expect(more).toEqual([]);
  expect(second - first).toBeGreaterThan(SECTOR_BYTES);
});

test('a journal whose first line is damaged is known all the same, with its list', async () => {
  const path = shelf.pathOf(TRANSFER_ID);
  damageSectorAt(path, 0);
  expect(await shelf.takeStock()).toEqual([{ transferId: TRANSFER_ID, header: HEADER, bytes: 0 }]);
  const content = await shelf.interruptedContent(TRANSFER_ID);
  expect(content?.list).toEqual([{ bytes: 1, saved: ['a'], met: null }]);
  realFileSystem.renameSync(path, shelf.receiptOf(TRANSFER_ID));
  expect(shelf.receiptHeader(TRANSFER_ID)).toEqual(HEADER);
});

test('one that is damaged in both copies is left alone', async () => {
  const path = shelf.pathOf(TRANSFER_ID);
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"version":1', '"version":2'));
  expect(await shelf.takeStock()).toEqual([]);
  expect(existsSync(path)).toBe(true);
});

test('one that a crash left empty goes at the next start, and nothing else does', async () => {
  const named = (id: string): string => join(home, 'journal', id);
  const empty = named(`${'0'.repeat(32)}.jsonl`);
  const [torn, other] = [named(`${'1'.repeat(32)}.jsonl`), named('notes.txt')];
  writeFileSync(empty, '');
  writeFileSync(torn, '{');
  writeFileSync(other, '');
  mkdirSync(named(`${'2'.repeat(32)}.jsonl`));
  expect(await shelf.takeStock()).toHaveLength(1);
  expect([empty, torn, other].map((path) => existsSync(path))).toEqual([false, true, true]);
});
