import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planMerge } from '../../../electron/engine/transfer/merge-plan.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { ALL_WANTED } from '../../../electron/engine/transfer/unwanted-entries.ts';
import { EntryList } from '../../../shared/protocol/entry-list.ts';
import type { Paths } from '../../../shared/protocol/path-list.ts';

const FOLDERS = 40;

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dropline-merge-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('files in the way of a folder in each of many cost no look at all of the offer each', async () => {
  const entries = new EntryList();
  for (let n = 0; n < FOLDERS; n++) {
    const path = ['top', String(n)];
    mkdirSync(join(directory, ...path), { recursive: true });
    writeFileSync(join(directory, ...path, 'x'), '');
    entries.add({ kind: 'file', path: [...path, 'X (2)'], bytes: 1 });
    entries.add({ kind: 'file', path: [...path, 'x', 'inside'], bytes: 1 });
  }
  let looks = 0;
  const { paths } = entries;
  const saved: Paths = {
    length: paths.length,
    at: (index) => paths.at(index),
    entries: () => (looks++, paths.entries()),
    [Symbol.iterator]: () => (looks++, paths[Symbol.iterator]()),
  };
  const existing = { forAll: 'skipIdentical' as const, items: {} };
  const request = { fs: realFileSystem, directory, entries, saved, existing, unwanted: ALL_WANTED };
  const plan = await planMerge(request, () => true);
  // the next number is another's already, if only in a disk's eyes
  expect(plan.saved.at(1)).toEqual(['top', '0', 'x (3)', 'inside']);
  expect(plan.saved.at(2 * FOLDERS - 1)).toEqual(['top', String(FOLDERS - 1), 'x (3)', 'inside']);
  expect(looks).toBeLessThan(5);
});
