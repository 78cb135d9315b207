import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Mutant } from './mutant-list.ts';
import { MUTANTS } from './mutant-list.ts';

/** `npm run faults -- --mutants`: each seeded bug, in a copy of the tree, must turn a test red. */

const ROOT = resolve(import.meta.dirname, '../../..');
const MOST_MS = 5 * 60_000;

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Answers the exit code: 1 where a bug was not noticed. */
export function runMutants(names: readonly string[]): number {
  const chosen = MUTANTS.filter(({ name }) => names.length === 0 || names.includes(name));
  const copy = mkdtempSync(join(tmpdir(), 'dropline-mutants-'));
  let survivors = 0;
  try {
    copyTree(copy);
    for (const mutant of chosen) {
      const caught = caughtBy(copy, mutant);
      if (caught === null) survivors++;
      console.log(`${mutant.name.padEnd(48)} ${caught ?? 'NOT NOTICED'}`);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  console.log(`${chosen.length - survivors} of ${chosen.length} seeded bugs turned a test red`);
  return survivors === 0 && chosen.length > 0 ? 0 : 1;
}

/** What is in the repository; packages and what was built are only linked. */
function copyTree(copy: string): void {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
  for (const name of listed.split('\0').filter((line) => line !== '')) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    cpSync(join(ROOT, name), join(copy, name));
  }
  for (const name of ['node_modules', 'out']) symlinkSync(join(ROOT, name), join(copy, name));
}

/** The first test that was red, or the file that could not run; null: all stayed green. */
function caughtBy(copy: string, { name, file, find, replace, tests }: Mutant): string | null {
  const path = join(copy, file);
  const before = readFileSync(path, 'utf8');
  const times = before.split(find).length - 1;
  if (times !== 1) throw new Error(`${name}: ${file} holds what is to be changed ${times} times`);
  writeFileSync(
    path,
    before.replace(find, () => replace),
  );
  try {
    for (const test of tests) {
      const red = redIn(copy, test);
      if (red !== null) return red;
    }
    return null;
  } finally {
    writeFileSync(path, before);
  }
}

function redIn(copy: string, test: string): string | null {
  const report = join(copy, 'mutant-report.json');
  rmSync(report, { force: true });
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const run = ['run', '--config', 'build/vitest.config.ts', '--bail', '1', '--reporter', 'json'];
  const { status } = spawnSync(process.execPath, [vitest, ...run, '--outputFile', report, test], {
    cwd: copy,
    timeout: MOST_MS,
    stdio: 'ignore',
  });
  if (status === 0) return null;
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const red = testResults
    .flatMap((result) => result.assertionResults)
    .find((result) => result.status === 'failed');
  return red ? `${test}: ${red.fullName}` : `${test}: did not run to its end`;
}
