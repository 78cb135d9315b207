import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatUndone } from '../../electron/engine/history-line.ts';
import { openHistory } from '../../electron/engine/history.ts';
import type { TransferPhase } from '../../shared/model/transfer.ts';
import {
  everything,
  filled,
  home,
  named,
  namesFound,
  path,
  useHistory,
} from '../support/history-place.ts';
import { delivered, transfer, transferId } from '../support/shown-transfers.ts';

/** If these fail, the whole list is lost to one damaged line, or to its own length. */

useHistory();

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

  test('counts transfers, whatever else it tells of them, when it is cut', async () => {
    const undone = Array.from({ length: 501 }, () => formatUndone(transferId(1))).join('');
    writeFileSync(path, lines(0, 1_500) + undone);
    const history = await openHistory(home);
    expect((await history.search(everything)).total).toBe(1_000);
  });

  test('may lack its last line end after a crash, and costs one line at most', async () => {
    const history = await filled([named('one')]);
    appendFileSync(path, '{"id":');
    await history.add(named('swallowed'));
    await history.add(named('two'));
    expect(await namesFound(history, {})).toEqual(['two', 'one']);
  });
});
