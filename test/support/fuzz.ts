import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { test } from 'vitest';

/**
 * Fuzz targets: a few runs each in `npm test`, many in `npm run fuzz`. What once failed is kept, as the
 * values that it failed with, in test/corpus/regressions/TARGET.json, and is tried first.
 */

const QUICK_RUNS = 100;
const LAST_SEED = 2 ** 31;

function numberOf(name: string): number | null {
  const text = process.env[name];
  if (text === undefined || text === '') return null;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`${name} is not a whole number`);
  return number;
}

function regressionsOf<T>(target: string): T[] {
  const file = new URL(`../corpus/regressions/${target}.json`, import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T[]) : [];
}

/** The target's name is that of its file. `share`: of the runs, where one of it takes long. */
export function fuzz<T>(target: string, property: fc.IRawProperty<T>, share = 1): void {
  const asked = numberOf('FUZZ_RUNS');
  const numRuns = Math.max(1, Math.ceil((asked ?? QUICK_RUNS) * share));
  const seed = numberOf('SEED') ?? Math.floor(Math.random() * LAST_SEED);
  test(`${target} holds for whatever is made up`, async () => {
    const examples = regressionsOf<T>(target);
    const details = await fc.check(property, { seed, numRuns, examples });
    if (asked !== null) console.log(`${target}: ${details.numRuns} runs, SEED=${seed}`);
    if (!details.failed) return;
    const again = `SEED=${seed} FUZZ_RUNS=${numRuns} npm run fuzz -- ${target}`;
    throw new Error(`${again}\n${await fc.asyncDefaultReportMessage(details)}`);
  });
}
