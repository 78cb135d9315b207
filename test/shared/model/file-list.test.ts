import { expect, test } from 'vitest';
import type { FileFilter, FileState } from '../../../shared/model/file-list.ts';
import {
  FILE_FILTERS,
  SENT_STATES,
  countByFilter,
  filtersOf,
  fitsFilter,
} from '../../../shared/model/file-list.ts';

/** If these fail, a person looks through the files that failed and finds others, or misses one. */

const STATES: readonly FileState[] = [...SENT_STATES, 'saved', 'renamed', 'replaced'];

test('each filter lets through what it is called, and as many as it says', () => {
  const counts = countByFilter(STATES);
  const shown = (filter: FileFilter) => STATES.filter((state) => fitsFilter(state, filter));
  expect(shown('all')).toEqual(STATES);
  for (const filter of ['failed', 'renamed', 'skipped'] as const) {
    expect(shown(filter)).toEqual([filter]);
  }
  for (const filter of FILE_FILTERS) expect(counts[filter]).toBe(shown(filter).length);
});

test('whoever sends does not hear what became of names', () => {
  expect(filtersOf({ direction: 'send' })).not.toContain('renamed');
  expect(filtersOf({ direction: 'receive' })).toContain('renamed');
});
