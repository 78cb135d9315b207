import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { DISCOVERED } from './discovery.ts';
import { FACES } from './faces.ts';
import { IDENTITY } from './identity.ts';
import type { Mutant } from './mutant.ts';
import { NAMES } from './names.ts';
import { NETWORK } from './network.ts';
import { RELIABILITY } from './reliability.ts';

/** `npm run faults -- --mutants`: each seeded bug, in a copy of the tree, must turn a test red. */

const ROOT = resolve(import.meta.dirname, '../../../..');
const MOST_MS = 5 * 60_000;

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const GROUPS: Readonly<Record<string, readonly Mutant[]>> = {
  reliability: RELIABILITY,
  security: [...IDENTITY, ...NETWORK, ...DISCOVERED, ...NAMES, ...FACES],
};

/** `wanted`: names of groups and of single bugs; none: all. Answers the exit code: 1 where one lived on. */
export function runMutants(wanted: readonly string[]): number {
  const chosen = Object.entries(GROUPS).flatMap(([group, mutants]) =>
    wanted.length === 0 || wanted.includes(group)
      ? mutants
      : mutants.filter(({ name }) => wanted.includes(name)),
  );
  const copy = mkdtempSync(join(tmpdir(), 'dropline-mutants-'));
  let survivors = 0;
  try {
    copyTree(copy);
    // a test that is red by itself would notice everything
    const [red] = redIn(copy, new Set(chosen.flatMap(({ tests }) => tests)));
    if (red !== undefined) throw new Error(`without any bug: ${red}`);
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

/** The first test that was red; null: all stayed green. */
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
      const [red] = redIn(copy, new Set([test]));
      if (red !== undefined) return red;
    }
    return null;
  } finally {
    writeFileSync(path, before);
  }
}

/** The tests of these files that fail, by name. One that a bug keeps from ending fails too. */
function redIn(copy: string, files: ReadonlySet<string>): readonly string[] {
  const report = join(copy, 'mutant-report.json');
  rmSync(report, { force: true });
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const run = ['run', '--config', 'build/vitest.config.ts', '--bail', '1', '--reporter', 'json'];
  const options = [...run, '--outputFile', report, ...files];
  const patienceMs = files.size * MOST_MS;
  const { status, stderr } = spawnSync(process.execPath, [vitest, ...options], {
    cwd: copy,
    timeout: patienceMs,
    encoding: 'utf8',
    maxBuffer: Infinity,
  });
  if (status === 0) return [];
  if (status === null) return [`${[...files].join()}: not done after ${patienceMs} ms`];
  if (!existsSync(report)) throw new Error(`${[...files].join()} could not be run: ${stderr}`);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const red = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter((result) => result.status === 'failed')
      .map(({ fullName }) => `${relative(copy, name)}: ${fullName}`),
  );
  if (red.length === 0) throw new Error(`${[...files].join()} could not be run: ${stderr}`);
  return red;
}
