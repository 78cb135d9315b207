import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { History } from '../../electron/engine/history.ts';
import { openHistory } from '../../electron/engine/history.ts';
import type { DoneCheck } from '../../shared/model/check.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { NO_PROBLEMS } from '../../shared/model/transfer.ts';
import {
  everything,
  filled,
  home,
  named,
  namesFound,
  path,
  useHistory,
} from '../support/history-place.ts';
import { delivered, transfer } from '../support/shown-transfers.ts';

/** If these fail, a person finds what they received under the wrong name, or what they have cleared. */

useHistory();

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

test('what the disk took only the second time, or only the first, is there once, as it ended last', async () => {
  const failed = transfer({
    phase: 'failed',
    finishedAtMs: 1,
    failure: { code: 'PEER_GONE', details: {} },
  });
  const { failure: _, ...rest } = { failure: null, ...failed };
  const resumed: Transfer = { ...rest, ...delivered };
  const phases = async (history: History) =>
    (await history.search(everything)).transfers.map(({ phase }) => phase);

  const first = await filled([]);
  mkdirSync(path);
  await expect(first.add(failed)).rejects.toThrow();
  rmSync(path, { recursive: true });
  await first.add(resumed);
  expect(await phases(first)).toEqual(['delivered']);

  const second = await filled([]);
  renameSync(path, join(home, 'aside'));
  mkdirSync(path);
  await expect(second.add(failed)).rejects.toThrow();
  rmSync(path, { recursive: true });
  renameSync(join(home, 'aside'), path);
  expect(await phases(second)).toEqual(['failed']);
});

test('clearing forgets everything, here and after a restart, and what ends later is kept', async () => {
  const history = await filled([named('one'), named('two')]);
  await Promise.all([history.add(named('three')), history.clear()]);
  expect(await namesFound(history, {})).toEqual([]);
  expect(readFileSync(path, 'utf8')).toBe('');
  await history.add(named('four'));
  expect(await namesFound(await openHistory(home), {})).toEqual(['four']);
});

test('clearing forgets also what the disk did not take', async () => {
  const history = await openHistory(home);
  mkdirSync(path);
  await expect(history.add(named('lost'))).rejects.toThrow();
  rmSync(path, { recursive: true });
  await history.clear();
  expect(await namesFound(history, {})).toEqual([]);
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
