import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../../electron/engine/transfer/journal.ts';
import type { Fact } from '../../../electron/engine/transfer/journal-records.ts';
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

const whole = (index: number): Fact => ({ record: 'whole', index, hash: 'ab' });
const dropped = (index: number): Fact => ({ record: 'dropped', index });
/** The records that came last. */
const last = (count: number): string[] =>
  readFileSync(journal.path, 'utf8')
    .split('\n')
    .flatMap((line) => /"record":"(\w+)","index":(\d)/.exec(line)?.slice(1).join(' ') ?? [])
    .slice(-count);

test('what may wait is written with what comes next, before it', () => {
  journal.appendSoon(whole(1));
  journal.appendSoon(whole(2));
  journal.append(dropped(3));
  expect(last(9)).toEqual(['whole 1', 'whole 2', 'dropped 3']);
});

test('what may wait is written in the next turn, at a sync, and at the end', async () => {
  journal.appendSoon(whole(1));
  await nextTurn();
  await nextTurn();
  expect(last(9)).toEqual(['whole 1']);
  journal.appendSoon(whole(2));
  await journal.sync();
  expect(last(9)).toEqual(['whole 1', 'whole 2']);
  journal.appendSoon(whole(3));
  await journal.close();
  expect(last(9)).toEqual(['whole 1', 'whole 2', 'whole 3']);
});

test('where it could not be written, whatever comes next fails', async () => {
  isFull = true;
  journal.appendSoon(whole(1));
  await nextTurn();
  await nextTurn();
  isFull = false;
  expect(() => {
    journal.append(dropped(2));
  }).toThrow('DISK_FULL');
  await expect(journal.sync()).rejects.toThrow('DISK_FULL');
});
