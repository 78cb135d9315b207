import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CHECK, TESTS, tally, tallyLine, whyNotGood } from '../../build/setup/tally.js';
import type { Line } from '../../build/setup/report.js';

/** If these fail, a run in which something went wrong is called good, or nobody reads in its log what. */

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-tally-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function leave(...lines: readonly Line[]): void {
  writeFileSync(join(folder, TESTS), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const began = (file: string): Line => ({ event: 'file', file });
const ended = (file: string, failed = false, why = ''): Line => ({
  event: 'file end',
  file,
  failed,
  why,
});

function ran(
  file: string,
  test: string,
  state: 'passed' | 'failed' | 'skipped',
  why = '',
  tries = 1,
): Line[] {
  return [
    { event: 'test', file, test },
    { event: 'result', file, test, state, tries, why },
  ];
}

it('counts what passed, and names nothing where nothing failed', () => {
  leave(began('a'), ...ran('a', 'one', 'passed'), ...ran('a', 'two', 'passed'), ended('a'));
  const counts = tally(folder, 0);
  const nothing = { failures: [], unfinished: [], shaky: [] };
  expect(counts).toEqual({ passed: 2, failed: 0, skipped: 0, ...nothing });
  expect(tallyLine(counts)).toBe('2 passed, 0 failed');
  expect(whyNotGood(counts, true)).toBeNull();
});

it('names each test that failed once, with its reason', () => {
  leave(began('a'), ...ran('a', 'one', 'failed', 'too late'), ended('a', true));
  expect(tally(folder, 1)).toMatchObject({ failed: 1, failures: ['a > one: too late'] });
});

it('counts what passed at its second try once, and names it with what was wrong at the first', () => {
  leave(began('a'), ...ran('a', 'one', 'passed', 'too late', 2), ended('a'));
  expect(tally(folder, 0)).toMatchObject({ passed: 1, failed: 0, shaky: ['a > one: too late'] });
});

it('names a file that cannot be loaded, an error outside every test and a step of the check', () => {
  leave(began('a'), ended('a', true, 'no such module'), { event: 'stray', why: 'thrown late' });
  writeFileSync(join(folder, CHECK), 'lint\ntypes\n');
  const { failed, failures } = tally(folder, 1);
  expect(failures).toEqual([
    'npm run lint',
    'npm run types',
    'a: no such module',
    'outside every test: thrown late',
  ]);
  expect(failed).toBe(4);
});

it('names the files and tests at which a run was stopped', () => {
  leave(
    began('a'),
    ...ran('a', 'one', 'passed'),
    { event: 'test', file: 'a', test: 'two' },
    began('b'),
    began('c'),
    ended('c'),
  );
  expect(tally(folder, 124)).toMatchObject({
    passed: 1,
    failed: 2,
    unfinished: ['a > two', 'b'],
  });
});

it('reads a report whose last line was cut off, and misses one that is not there', () => {
  leave(began('a'), ...ran('a', 'one', 'passed'), ended('a'));
  writeFileSync(join(folder, TESTS), '{"event":"fi', { flag: 'a' });
  expect(tally(folder, 137)).toMatchObject({ passed: 1, failed: 1 });
  rmSync(join(folder, TESTS));
  expect(tally(folder, 1)).toMatchObject({ passed: 0, failed: 1 });
  expect(whyNotGood(tally(folder, 0), false)).toBe('no test ran');
});

it('lets tests be left out only where not all of them can run', () => {
  leave(began('a'), ...ran('a', 'one', 'passed'), ...ran('a', 'two', 'skipped'), ended('a'));
  const counts = tally(folder, 0);
  expect(tallyLine(counts)).toBe('1 passed, 0 failed, 1 skipped');
  expect(whyNotGood(counts, false)).toBeNull();
  expect(whyNotGood(counts, true)).not.toBeNull();
});
