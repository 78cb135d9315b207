import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Random } from './random.ts';

/**
 * The rows of the fault matrix. `npm test` tries each a few times, `npm run faults` as often as it is
 * promised. Every try follows from its seed: `SEED=… npm run faults -- F09` is that one try again.
 */
export interface MatrixRow {
  /** As in the matrix; a letter behind it where a row is shown in several ways. */
  readonly id: string;
  /** What a user would see if it failed, turned round. */
  readonly says: string;
  /** Tries in `npm test`, 0: it takes too long for that, and in `npm run faults`. */
  readonly quick: number;
  readonly full: number;
  /** What one try may take at most; a bound on a hang. */
  readonly patienceMs?: number;
  /** Needs network namespaces, signals or /proc. */
  readonly onlyOn?: 'linux';
  /** Answers how many things it tried; undefined: one. */
  run(random: Random, trial: Trial): Promise<number | undefined>;
}

/** A timer holds no more than 31 bits of milliseconds. */
const MOST_MS = 20 * 60_000;
const PATIENCE_MS = 60_000;
const LAST_SEED = 2 ** 31 - 1;

/** One try: a folder of its own and what must be undone at its end. */
export class Trial {
  /** The seed too: neighbours of it are the other tries, so that a row can go through a list. */
  readonly turn: number;
  readonly folder = mkdtempSync(join(tmpdir(), 'dropline-fault-'));
  readonly #ends: (() => Promise<unknown>)[] = [];
  readonly #notes: string[] = [];

  constructor(turn: number) {
    this.turn = turn;
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** Runs at the end in any case, the latest first. */
  atEnd(run: () => Promise<unknown>): void {
    this.#ends.push(run);
  }

  /** Shown where the try fails. */
  note(text: string): void {
    this.#notes.push(text);
  }

  get notes(): string {
    return this.#notes.join('; ');
  }

  async end(): Promise<void> {
    const failures: unknown[] = [];
    for (const run of this.#ends.reverse()) await run().catch((e: unknown) => failures.push(e));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    if (failures.length > 0) throw failures[0];
  }
}

export interface Attempt {
  readonly seed: number;
  readonly tried: number;
  /** null: the promise held. */
  readonly failure: string | null;
}

/** Errors that nobody waited for, since the last look: a try that causes one has failed. */
const strays: unknown[] = [];

/** For a process without a test runner, which would end of them. */
export function catchStrays(): void {
  process.on('uncaughtException', (error) => strays.push(error));
  process.on('unhandledRejection', (error) => strays.push(error));
}

/** Never rejects: a try that fails does not stop its row. */
export async function attempt(row: MatrixRow, seed: number): Promise<Attempt> {
  const trial = new Trial(seed);
  let tried = 1;
  let failure: string | null = null;
  try {
    const patienceMs = row.patienceMs ?? PATIENCE_MS;
    tried = (await within(patienceMs, () => row.run(new Random(seed), trial))) ?? 1;
  } catch (error) {
    failure = wordsOf(error);
  }
  try {
    await within(PATIENCE_MS, () => trial.end());
  } catch (error) {
    failure ??= `at its end: ${wordsOf(error)}`;
  }
  await setImmediate();
  const [stray] = strays.splice(0);
  if (stray !== undefined) failure ??= `nobody waited for: ${wordsOf(stray)}`;
  if (failure !== null && trial.notes !== '') failure = `[${trial.notes}] ${failure}`;
  return { seed, tried, failure };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Its timer is there before the work begins: what the work counts as held includes it. */
async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([late, work()]);
  } finally {
    clearTimeout(timer);
  }
}

export function replayOf(row: MatrixRow, seed: number): string {
  return `SEED=${seed} npm run faults -- ${row.id}`;
}

/** The one that was asked for; null: any. */
export function wantedSeed(): number | null {
  const text = process.env['SEED'];
  if (text === undefined || text === '') return null;
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0) throw new Error(`SEED is not a whole number: ${text}`);
  return seed;
}

/** Leaves room for the tries that follow. */
export function freshSeed(): number {
  return Math.floor(Math.random() * (LAST_SEED - 2 ** 20));
}

/** Every row that was loaded in this process. */
export const rows: MatrixRow[] = [];

const lasts: (() => Promise<unknown>)[] = [];

/** Runs when every row of this process is done. */
export function atLast(run: () => Promise<unknown>): void {
  lasts.push(run);
}

export async function endRows(): Promise<void> {
  for (const run of lasts.splice(0)) await run();
}

const vitest = process.env['VITEST'] === undefined ? null : await import('vitest');
vitest?.afterAll(endRows);

/** Makes a row: a test with few tries under vitest, a line of the table in `npm run faults`. */
export function promise(row: MatrixRow): void {
  rows.push(row);
  if (vitest === null || row.quick === 0) return;
  const elsewhere = row.onlyOn !== undefined && row.onlyOn !== process.platform;
  const most = Math.min(MOST_MS, row.quick * (row.patienceMs ?? PATIENCE_MS) + PATIENCE_MS);
  vitest.test.skipIf(elsewhere)(`${row.id}: ${row.says}`, { timeout: most }, async () => {
    const only = wantedSeed();
    const first = only ?? freshSeed();
    const failures: string[] = [];
    for (let tried = 0, n = 0; tried < row.quick; n++) {
      const { seed, tried: more, failure } = await attempt(row, first + n);
      if (failure !== null) failures.push(`${replayOf(row, seed)}\n${failure}`);
      tried += more;
      if (only !== null) break;
    }
    if (failures.length > 0) throw new Error(failures.join('\n\n'));
  });
}
