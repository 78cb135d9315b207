import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { readInTurns } from '../../../electron/engine/transfer/read-journal.ts';
import { undoReplacements } from '../../../electron/engine/transfer/undo.ts';
import {
  bench,
  deliver,
  here,
  kept,
  receiver,
  usePlace,
  visible,
} from '../../support/existing-place.ts';
import { entryAt, putFile } from '../../support/trees.ts';

usePlace();

test('what somebody puts there in the middle of an undo keeps its name, and nothing is lost', async () => {
  const path = putFile(bench.path('notes.txt'), 300, 2);
  const before = entryAt(putFile(here('notes.txt'), 400, 9));
  const { id } = await deliver([path], 'replace');
  await receiver.stop();
  const mine = putFile(bench.path('mine'), 50, 7);
  const theirs = readFileSync(mine);
  let isThere = false;
  const disturbed: FileSystem = {
    ...realFileSystem,
    // the second name of what was received is being made durable
    fsync: ((fd: number, done: (error: Error | null) => void) => {
      if (!isThere) renameSync(mine, here('notes.txt'));
      isThere = true;
      realFileSystem.fsync(fd, done);
    }) as FileSystem['fsync'],
  };
  const receipt = join(receiver.home, 'receipts', `${id}.jsonl`);
  const content = (await readInTurns(realFileSystem, receipt, () => true))!;
  expect(await undoReplacements(disturbed, content, () => true)).toEqual([]);
  expect(readFileSync(here('notes.txt'))).toEqual(theirs);
  expect(visible()).toEqual(['notes (2).txt', 'notes (3).txt', 'notes.txt']);
  expect(entryAt(here('notes (2).txt'))).toEqual(entryAt(path));
  expect(entryAt(here('notes (3).txt'))).toEqual(before);
  expect(kept()).toEqual([]);
});
