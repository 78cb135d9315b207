import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HistoryQuery } from '../../electron/engine/history-search.ts';
import { folded } from '../../shared/model/folded.ts';
import type { History } from '../../electron/engine/history.ts';
import { openHistory } from '../../electron/engine/history.ts';
import type { DoneCheck } from '../../shared/model/check.ts';
import type { Transfer, TransferPhase } from '../../shared/model/transfer.ts';
import { NO_PROBLEMS } from '../../shared/model/transfer.ts';
import { delivered, transfer } from '../support/shown-transfers.ts';

/**
 * If these fail, a person does not find what they received last month, finds it under the wrong name, or
 * loses the whole list to one damaged line.
 */

let home = '';
let path = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dropline-history-'));
  path = join(home, 'history.jsonl');
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const everything: HistoryQuery = { text: '', direction: 'all', from: 0, count: 100 };

function named(name: string, more: Parameters<typeof transfer>[1] = {}): Transfer {
  return transfer(delivered, { items: [{ name, kind: 'file' }], ...more });
}

async function filled(transfers: readonly Transfer[]): Promise<History> {
  const history = await openHistory(home);
  for (const one of transfers) await history.add(one);
  return history;
}

async function namesFound(history: History, query: Partial<HistoryQuery>) {
  const { transfers } = await history.search({ ...everything, ...query });
  return transfers.map(({ items }) => items[0]?.name);
}

describe('a search', () => {
  test.each([
    ['a name', 'report', ['Report.pdf']],
    ['a name in other letters', 'REPORT', ['Report.pdf']],
    ['a name without its accents', 'resume', ['Résumé.odt']],
    ['a name with accents it does not have', 'rëport', ['Report.pdf']],
    ['a name that was written in two parts', 'Re\u0301sume\u0301', ['Résumé.odt']],
    ['the name of a device', 'lodz', ['from far.zip']],
    ['the place it was saved at', 'scans/2026', ['page.tiff']],
    ['several words in any order', 'pdf rep', ['Report.pdf']],
    ['words of which one is of the device', 'far łódź', ['from far.zip']],
    ['what nobody has sent', 'nothing', []],
    ['words of which one fits nowhere', 'report nothing', []],
    ['signs that mean something elsewhere', '.*', []],
    ['blanks only', '   ', ['page.tiff', 'from far.zip', 'Résumé.odt', 'Report.pdf']],
  ])('for %s', async (_what, text, names) => {
    const history = await filled([
      named('Report.pdf'),
      named('Résumé.odt'),
      named('from far.zip', { who: 'Łódź' }),
      named('page.tiff', { direction: 'receive', savedAs: '/home/mara/Scans/2026/page.tiff' }),
    ]);
    expect(await namesFound(history, { text })).toEqual(names);
  });

  test('is for one direction or both', async () => {
    const history = await filled([named('out'), named('in', { direction: 'receive' })]);
    expect(await namesFound(history, { direction: 'send' })).toEqual(['out']);
    expect(await namesFound(history, { direction: 'receive' })).toEqual(['in']);
    expect(await namesFound(history, { direction: 'all' })).toEqual(['in', 'out']);
  });

  test('answers page by page, newest first, with the number of all that fit', async () => {
    const names = Array.from({ length: 7 }, (_, n) => `file ${n}`);
    const history = await filled([...names.map((name) => named(name)), named('other')]);
    const query = { ...everything, text: 'file', count: 3 };
    const pages = await Promise.all([0, 3, 6, 9].map((from) => history.search({ ...query, from })));
    expect(pages.flatMap((page) => page.transfers.map(({ items }) => items[0]?.name))).toEqual(
      names.toReversed(),
    );
    expect(pages.map(({ total, transfers }) => [total, transfers.length])).toEqual([
      [7, 3],
      [7, 3],
      [7, 1],
      [7, 0],
    ]);
  });
});

test('a text is found by each of its parts, however they are written', () => {
  const ways = [
    (text: string) => text.toUpperCase(),
    (text: string) => text.toLowerCase(),
    (text: string) => text.normalize('NFD'),
    (text: string) => text.normalize('NFC'),
  ];
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('aZéÅøßŒñΣςσžIİ1 _')) }),
      fc.nat(30),
      fc.nat(30),
      fc.constantFrom(...ways),
      (text, one, two, write) => {
        const part = text.slice(Math.min(one, two), Math.max(one, two));
        expect(folded(text)).toContain(folded(write(part)));
      },
    ),
  );
});

test('what ended is found at once, after a restart, and when another process wrote it', async () => {
  const history = await filled([named('early')]);
  void history.add(named('late'));
  expect(await namesFound(history, {})).toEqual(['late', 'early']);
  const other = await openHistory(home);
  await other.add(named('by the command'));
  expect(await namesFound(history, {})).toEqual(['by the command', 'late', 'early']);
  const again = await openHistory(home);
  expect(await namesFound(again, {})).toEqual(['by the command', 'late', 'early']);
});

test('one that ended more than once is there once, as it ended last', async () => {
  const first = transfer({
    phase: 'failed',
    finishedAtMs: 1,
    failure: { code: 'PEER_GONE', details: {} },
  });
  const { failure: _, ...rest } = { failure: null, ...first };
  const history = await filled([first, named('between'), { ...rest, ...delivered }]);
  const { transfers, total } = await history.search(everything);
  expect(transfers.map(({ phase }) => phase)).toEqual(['delivered', 'delivered']);
  expect([transfers[0]?.id, total]).toEqual([first.id, 2]);
  expect(await history.find(first.id)).toMatchObject({ phase: 'delivered' });
});

test('what the disk does not take is found as long as the program runs', async () => {
  const history = await openHistory(home);
  mkdirSync(path);
  await expect(history.add(named('lost'))).rejects.toThrow();
  rmSync(path, { recursive: true });
  await history.add(named('kept'));
  expect((await namesFound(history, {})).toSorted()).toEqual(['kept', 'lost']);
  expect(readFileSync(path, 'utf8')).not.toContain('lost');
});

test('clearing forgets everything, here and after a restart, and what ends later is kept', async () => {
  const history = await filled([named('one'), named('two')]);
  await Promise.all([history.add(named('three')), history.clear()]);
  expect(await namesFound(history, {})).toEqual([]);
  expect(readFileSync(path, 'utf8')).toBe('');
  await history.add(named('four'));
  expect(await namesFound(await openHistory(home), {})).toEqual(['four']);
});

test('a history that never was is empty and can be cleared', async () => {
  const history = await openHistory(home);
  expect(await history.search(everything)).toEqual({ transfers: [], total: 0 });
  await history.clear();
  expect(await history.find(named('x').id)).toBeNull();
});

const found = (files: number): DoneCheck => ({
  state: 'done',
  files,
  intact: files,
  changed: NO_PROBLEMS,
  missing: NO_PROBLEMS,
  unchecked: { count: 1, examples: [{ path: 'a', code: 'DISK_ERROR' }] },
  finishedAtMs: 5,
});

describe('what was verified again', () => {
  test('keeps its place, and counts as it was found last', async () => {
    const [old, young] = [named('old'), named('young')];
    const history = await filled([old, young]);
    for (const files of [1, 2]) await history.addCheck(old.id, found(files));
    for (const known of [history, await openHistory(home)]) {
      const { transfers, total } = await known.search(everything);
      expect(transfers).toEqual([
        { ...young, canRetry: false },
        { ...old, canRetry: false, check: found(2) },
      ]);
      expect(total).toBe(2);
      expect(await known.find(old.id)).toMatchObject({ check: found(2) });
    }
    expect((await openHistory(home)).latest.map(({ id }) => id)).toEqual([young.id, old.id]);
  });

  test('does not push others out, however often it is done', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `file ${n}`);
    const history = await filled(names.map((name) => named(name)));
    const [first] = (await history.search({ ...everything, from: 59, count: 1 })).transfers;
    for (let n = 1; n <= 2_000; n++) if (first) await history.addCheck(first.id, found(n));
    const again = await openHistory(home);
    expect(again.latest).toHaveLength(50);
    expect((await again.search(everything)).total).toBe(60);
    expect(await again.find(first?.id ?? named('x').id)).toMatchObject({ check: { files: 2_000 } });
    expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(200);
  });

  test('is not written down of what was cleared meanwhile', async () => {
    const one = named('one');
    const history = await filled([one]);
    await Promise.all([history.clear(), history.addCheck(one.id, found(3))]);
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  test('is passed over where its line is damaged, or tells of what is not there', async () => {
    const one = named('one');
    const history = await filled([one]);
    await history.addCheck(one.id, found(3));
    await history.addCheck(named('other').id, found(9));
    const good = readFileSync(path, 'utf8');
    const bad = [
      '{"checked"',
      `{"checked":"${one.id}"}`,
      `{"checked":"${one.id}","check":{"state":"done"}}`,
      JSON.stringify({ checked: one.id, check: { ...found(4), intact: -1 } }),
    ];
    writeFileSync(path, `${good}${bad.join('\n')}`);
    const { transfers } = await (await openHistory(home)).search(everything);
    expect(transfers).toMatchObject([{ id: one.id, check: { files: 3 } }]);
  });
});

const endings: readonly TransferPhase[] = [
  delivered,
  { ...delivered, hash: null, failed: { count: 9, examples: [{ path: 'a', code: 'DISK_ERROR' }] } },
  { phase: 'declined', finishedAtMs: 1 },
  { phase: 'cancelled', finishedAtMs: 1, by: 'peer' },
  { phase: 'failed', finishedAtMs: 1, failure: { code: 'DISK_FULL', details: { bytes: 1 } } },
];

test('every way to end comes back as it was', async () => {
  const ended = endings.map((phase) => ({ ...transfer(phase), canRetry: false }));
  const history = await filled(ended);
  const { transfers } = await history.search(everything);
  expect(transfers).toEqual(ended.toReversed());
});

test('damaged lines are passed over, whatever is missing in them or wrong', async () => {
  const good = JSON.stringify(named('good'));
  const bad = [
    good.slice(0, 40),
    'null',
    '[]',
    '{}',
    ...Object.keys(JSON.parse(good) as object)
      .filter((key) => key !== 'canRetry')
      .map((key) => JSON.stringify({ ...(JSON.parse(good) as object), [key]: {} })),
    good.replace('"delivered"', '"transferring"'),
    JSON.stringify({ ...named('bad'), savedAs: '../../secret' }),
    JSON.stringify({ ...named('bad'), items: [null] }),
    JSON.stringify({ ...named('bad'), peer: null }),
  ];
  writeFileSync(path, [...bad, good, ...bad].join('\n'));
  const history = await openHistory(home);
  expect(history.latest.map(({ items }) => items[0]?.name)).toEqual(['good']);
  expect(await namesFound(history, {})).toEqual(['good']);
});

test('what another version wrote besides is no damage', async () => {
  writeFileSync(path, `${JSON.stringify({ ...named('new'), color: 'red' })}\n`);
  expect(await namesFound(await openHistory(home), {})).toEqual(['new']);
});

describe('the file', () => {
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => `${JSON.stringify(named(`n${from + n}`))}\n`).join(
      '',
    );
  const lineCount = () => readFileSync(path, 'utf8').split('\n').length - 1;

  test('holds up to 2,000 transfers, all of which are found', async () => {
    writeFileSync(path, lines(0, 2_000));
    const history = await openHistory(home);
    const { total, transfers } = await history.search({ ...everything, from: 1_999 });
    expect([total, transfers[0]?.items[0]?.name]).toEqual([2_000, 'n0']);
  });

  test('keeps the latest 1,000 when it is opened too long', async () => {
    writeFileSync(path, lines(0, 2_001));
    const history = await openHistory(home);
    expect(lineCount()).toBe(1_000);
    expect(await namesFound(history, { from: 999 })).toEqual(['n1001']);
  });

  test('keeps the latest 1,000 when it grows too long while the program runs', async () => {
    writeFileSync(path, lines(0, 1_999));
    const history = await openHistory(home);
    await history.add(named('one'));
    expect(lineCount()).toBe(2_000);
    await Promise.all([history.add(named('two')), history.add(named('three'))]);
    expect(lineCount()).toBe(1_001);
    expect(await namesFound(history, { count: 4 })).toEqual(['three', 'two', 'one', 'n1998']);
  });

  test('may lack its last line end after a crash, and costs one line at most', async () => {
    const history = await filled([named('one')]);
    appendFileSync(path, '{"id":');
    await history.add(named('swallowed'));
    await history.add(named('two'));
    expect(await namesFound(history, {})).toEqual(['two', 'one']);
  });
});
