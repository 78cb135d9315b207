import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Fact, JournalContent } from '../../../electron/engine/transfer/journal-records.ts';
import { receivedFiles } from '../../../electron/engine/transfer/received-files.ts';
import { journalHeader } from '../../support/journal-header.ts';

/** What a person is told of each file, from what the journal says. */

const hash = '0'.repeat(64);
const names = ['a.txt', 'b.txt', 'c.txt', 'd.txt', 'e.txt', 'f.txt'];

function journal(facts: readonly Fact[], skipped: readonly number[] = []): JournalContent {
  const list = names.map((name) => ({ bytes: 5, saved: ['d', name] }));
  return {
    header: journalHeader({
      totals: { files: 6, directories: 1, bytes: 30 },
      skip: skipped.map((index) => ({ index: index + 1, code: 'FILE_TOO_BIG' as const })),
    }),
    list: [{ bytes: null, saved: ['d'] }, ...list],
    facts,
  };
}

const at = (index: number, name: string) => ({ index: index + 1, path: `/in/d/${name}`, hash });
const facts: readonly Fact[] = [
  { record: 'whole', index: 1, hash },
  { record: 'published', ...at(1, 'b (2).txt') },
  { record: 'replacing', ...at(2, 'c.txt'), kept: '.kept/c.txt' },
  { record: 'published', ...at(2, 'c.txt') },
  { record: 'identical', ...at(3, 'd.txt') },
  { record: 'whole', index: 5, hash },
  { record: 'dropped', index: 5 },
];

const states = (content: JournalContent): string[] =>
  [...receivedFiles(content)].map(({ state }) => state);

test('each file has come, was met, or may still come', () => {
  expect(states(journal(facts, [5]))).toEqual([
    'saved',
    'renamed',
    'replaced',
    'skipped',
    'waiting',
    'failed',
  ]);
});

test('what is not there when all is done has failed, with its reason where there is one', () => {
  const done = [...receivedFiles(journal([...facts, { record: 'done', hash }], [5]))];
  expect(done.slice(4)).toEqual([
    {
      at: 4,
      path: 'd/e.txt',
      bytes: 5,
      state: 'failed',
      renamedTo: null,
      savedAs: null,
      code: null,
    },
    {
      at: 5,
      path: 'd/f.txt',
      bytes: 5,
      state: 'failed',
      renamedTo: null,
      savedAs: null,
      code: 'FILE_TOO_BIG',
    },
  ]);
  expect(done[1]).toMatchObject({ path: 'd/b.txt', renamedTo: 'b (2).txt', code: null });
});

test('each that is there is told with its whole path, also where its folder has another name', () => {
  const published = { record: 'publishedFolder', name: 'd', path: '/in/d (2)' } as const;
  const paths = [...receivedFiles(journal([...facts, published]))].map(({ savedAs }) => savedAs);
  expect(paths).toEqual([
    join('/in/d (2)', 'a.txt'),
    '/in/d/b (2).txt',
    '/in/d/c.txt',
    '/in/d/d.txt',
    null,
    null,
  ]);
  // until then it is nowhere that a person would look
  expect([...receivedFiles(journal(facts))][0]?.savedAs).toBeNull();
});

test('a folder that was refused is named after the files, if nothing would have been in it', () => {
  const folders = [
    { bytes: null, saved: ['d', 'hollow'] },
    { bytes: null, saved: ['d', 'full'] },
    { bytes: 5, saved: ['d', 'full', 'g.txt'] },
  ];
  const content = journal([
    ...facts,
    { record: 'refused', code: 'NO_PERMISSION', ranges: [[8, 9]] },
    { record: 'refused', code: 'PLACE_REFUSED', ranges: [[7, 7]] },
  ]);
  const list = [...(content.list ?? []), ...folders];
  expect([...receivedFiles({ ...content, list })].slice(6)).toMatchObject([
    { at: 6, path: 'd/full/g.txt', state: 'failed', code: 'NO_PERMISSION' },
    {
      at: 7,
      path: 'd/hollow/',
      bytes: 0,
      state: 'failed',
      renamedTo: null,
      savedAs: null,
      code: 'PLACE_REFUSED',
    },
  ]);
  // of a list that is shorter than what is told of it nothing is made up
  expect(states({ ...content, list: content.list?.slice(0, 2) ?? null })).toEqual(['saved']);
});

test('a list that is damaged tells of nothing', () => {
  expect(states({ ...journal(facts), list: null })).toEqual([]);
});
