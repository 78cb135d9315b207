import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {import('./report.js').Line} Line
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {Counts & { failures: readonly string[], unfinished: readonly string[], shaky: readonly string[] }} Tally
 */

/** Where a run leaves what it did, in its report folder. */
export const TESTS = 'tests.jsonl';
export const CHECK = 'check';

/**
 * What was written whole: the last line of a run that died may not be.
 * @param {string} path
 * @returns {Line[]}
 */
function linesOf(path) {
  if (!existsSync(path)) return [];
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line));
}

/**
 * What failed, by name.
 * @param {readonly Line[]} lines
 */
function failuresOf(lines) {
  /** @type {string[]} */
  const failures = [];
  const filesWithFailures = new Set();
  for (const line of lines) {
    if (line.event === 'stray') failures.push(`outside every test: ${line.why}`);
    if (line.event === 'result' && line.state === 'failed') {
      filesWithFailures.add(line.file);
      failures.push(`${line.file} > ${line.test}: ${line.why}`);
    }
    const isBroken = line.event === 'file end' && line.failed && !filesWithFailures.has(line.file);
    if (isBroken) failures.push(`${line.file}: ${line.why}`);
  }
  return failures;
}

/**
 * What passed at its second try only.
 * @param {readonly Line[]} lines
 */
function shakyOf(lines) {
  return lines.flatMap((line) =>
    line.event === 'result' && line.state === 'passed' && line.tries > 1
      ? [`${line.file} > ${line.test}: ${line.why}`]
      : [],
  );
}

/**
 * The files that had begun and did not end, each with its tests that were running.
 * @param {readonly Line[]} lines
 */
function unfinishedOf(lines) {
  /** @type {Map<string, Set<string>>} */
  const open = new Map();
  for (const line of lines) {
    if (line.event === 'file') open.set(line.file, new Set());
    if (line.event === 'test') open.get(line.file)?.add(line.test);
    if (line.event === 'result') open.get(line.file)?.delete(line.test);
    if (line.event === 'file end') open.delete(line.file);
  }
  return [...open].map(([file, tests]) => [file, ...tests].join(' > '));
}

/**
 * Counts a run from what it left in its report folder. What went wrong outside every test (a step of the
 * check, a file that cannot be loaded or did not end, a run that never came to its tests) counts as a
 * failure too.
 * @param {string} folder
 * @param {number} exitCode of the whole run
 * @returns {Tally}
 */
export function tally(folder, exitCode) {
  const lines = linesOf(join(folder, TESTS));
  const states = lines.flatMap((line) => (line.event === 'result' ? [line.state] : []));
  const passed = states.filter((state) => state === 'passed').length;
  const skipped = states.filter((state) => state === 'skipped').length;

  const check = join(folder, CHECK);
  const steps = existsSync(check) ? readFileSync(check, 'utf8').split('\n').filter(Boolean) : [];
  const failures = [...steps.map((step) => `npm run ${step}`), ...failuresOf(lines)];
  const unfinished = unfinishedOf(lines);
  const named = failures.length + unfinished.length;
  const failed = named === 0 && exitCode !== 0 ? 1 : named;
  return { passed, failed, skipped, failures, unfinished, shaky: shakyOf(lines) };
}

/** @param {Counts} counts */
export function tallyLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * @param {Counts} counts
 * @param {boolean} allMustRun on this machine nothing may be skipped
 * @returns {string | null} why this run does not count as good
 */
export function whyNotGood({ passed, failed, skipped }, allMustRun) {
  if (failed > 0) return 'something failed';
  if (passed === 0) return 'no test ran';
  if (skipped > 0 && allMustRun) return 'tests were skipped on a machine where all of them can run';
  return null;
}
