import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ status: string, assertionResults: readonly { status: string }[] }} TestFile
 * @typedef {{ passed: number, failed: number, skipped: number }} Tally
 */

/**
 * Counts a run from what it left in its report folder. What went wrong outside every test (the check, a
 * file that cannot be loaded, a crash, a run that never came to its tests) counts as a failure too.
 * @param {string} folder
 * @param {number} exitCode of the whole run
 * @returns {Tally}
 */
export function tally(folder, exitCode) {
  const report = join(folder, 'vitest.json');
  /** @type {readonly TestFile[]} */
  const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
  const results = files.flatMap((file) => file.assertionResults.map(({ status }) => status));
  const passed = results.filter((status) => status === 'passed').length;
  const skipped = results.filter((status) => status !== 'passed' && status !== 'failed').length;

  const check = join(folder, 'check');
  const checkFailed = existsSync(check) && readFileSync(check, 'utf8').trim() !== '0';
  const broken = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  const named =
    results.filter((status) => status === 'failed').length + broken.length + (checkFailed ? 1 : 0);
  return { passed, failed: named === 0 && exitCode !== 0 ? 1 : named, skipped };
}

/** @param {Tally} counts */
export function tallyLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * @param {Tally} counts
 * @param {boolean} allMustRun on this machine nothing may be skipped
 * @returns {string | null} why this run does not count as good
 */
export function whyNotGood({ passed, failed, skipped }, allMustRun) {
  if (failed > 0) return 'something failed';
  if (passed === 0) return 'no test ran';
  if (skipped > 0 && allMustRun) return 'tests were skipped on a machine where all of them can run';
  return null;
}
