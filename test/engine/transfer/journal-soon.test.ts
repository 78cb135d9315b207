import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../../electron/engine/transfer/journal.ts';
import type { Fact } from '../../../electron/engine/transfer/journal-records.ts';
import { readInTurns } from '../../../electron/engine/transfer/read-journal.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { journalHeader } from '../../support/journal-header.ts';

/** If one of these fails, files that were whole when the program died are read again, or worse, not known. */

let home: string;
let journal: Journal;
let isFull: boolean;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'dropline-journal-'));
  isFull = false;
  const fs = {
    ...realFileSystem,
    writeSync: ((...words: Parameters<typeof realFileSystem.writeSync>) => {
      if (isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      return realFileSystem.writeSync(...words);
    }) as typeof realFileSystem.writeSync,
  };
  const path = join(home, 'journal');
  journal = await Journal.create(fs, path, journalHeader(), [{ bytes: 1, saved: ['a'] }]);
});
afterEach(async () => {
  await journal.close();
  rmSync(home, { recursive: true });
});

const HASH = new Uint8Array(32);
const dropped = (index: number): Fact => ({ record: 'dropped', index });
const told = async (): Promise<string[]> => {
  const content = await readInTurns(realFileSystem, journal.path, () => true);
  return (content?.facts ?? []).map((fact) =>
    'index' in fact ? `${fact.record} ${fact.index}` : fact.record,
  );
};

test('what may wait is written with what comes next, before it', async () => {
  journal.wholeSoon(1, HASH);
  journal.wholeSoon(2, HASH);
  journal.append(dropped(3));
  expect(await told()).toEqual(['whole 1', 'whole 2', 'dropped 3']);
});

test('what may wait is written in the next turn, at a sync, and at the end', async () => {
  journal.wholeSoon(1, HASH);
  await nextTurn();
  await nextTurn();
  expect(await told()).toEqual(['whole 1']);
  journal.wholeSoon(2, HASH);
  await journal.sync();
  expect(await told()).toEqual(['whole 1', 'whole 2']);
  journal.wholeSoon(3, HASH);
  await journal.close();
  expect(await told()).toEqual(['whole 1', 'whole 2', 'whole 3']);
});

test('where it could not be written, whatever comes next fails', async () => {
  isFull = true;
  journal.wholeSoon(1, HASH);
  await nextTurn();
  await nextTurn();
  isFull = false;
  expect(() => {
    journal.append(dropped(2));
  }).toThrow('DISK_FULL');
  await expect(journal.sync()).rejects.toThrow('DISK_FULL');
});

test('a line of many damages no more than a few when it is damaged', async () => {
  const count = 100;
  for (let index = 0; index < count; index++) journal.wholeSoon(index, HASH);
  await journal.sync();
  const lines = readFileSync(journal.path, 'utf8').split('\n');
  const many = lines.filter((line) => line.includes('"wholes"'));
  expect(many.length).toBeGreaterThan(1);
  for (const line of many) expect(line.length).toBeLessThanOrEqual(4096);
  expect(await told()).toHaveLength(count);
});
