import type { MatrixRow } from './matrix.ts';
import { attempt, catchStrays, endRows, replayOf, rows, wantedSeed } from './matrix.ts';
import type { Progress } from './progress.ts';
import { forgetProgress, hashSources, loadProgress, saveProgress } from './progress.ts';
import { tableOf } from './table.ts';

/** `npm run faults`: every row as often as it is promised, as far as the time goes. */

export interface RunOptions {
  /** Rows by id, or by how it begins; none: all. */
  readonly ids: readonly string[];
  /** null: as long as it takes. */
  readonly minutes: number | null;
  readonly fresh: boolean;
  /** The few tries of `npm test`, not kept. */
  readonly quick: boolean;
}

const SHOW_EVERY_MS = 10_000;

import.meta.glob('../f*.test.ts', { eager: true });

/** Answers the exit code. */
export async function runRows(options: RunOptions): Promise<number> {
  try {
    return await runChosen(options);
  } finally {
    await endRows();
  }
}

async function runChosen(options: RunOptions): Promise<number> {
  const chosen = rows.filter(
    ({ id }) => options.ids.length === 0 || options.ids.some((wanted) => id.startsWith(wanted)),
  );
  if (chosen.length === 0) {
    console.error(`No such row. There are: ${rows.map(({ id }) => id).join(' ')}`);
    return 2;
  }
  catchStrays();
  const seed = wantedSeed();
  if (seed !== null) return replay(chosen, seed);
  const sources = hashSources();
  const endAtMs = performance.now() + (options.minutes ?? Infinity) * 60_000;
  const results: { row: MatrixRow; progress: Progress }[] = [];
  for (const [n, row] of chosen.entries()) {
    // what one row leaves of its share is for those after it
    const nowMs = performance.now();
    const shareEndsAtMs = nowMs + (endAtMs - nowMs) / (chosen.length - n);
    results.push({ row, progress: await runRow(row, sources, shareEndsAtMs, options) });
  }
  console.log(tableOf(results, options.quick));
  return results.some(({ progress }) => progress.failed.length > 0) ? 1 : 0;
}

async function replay(chosen: readonly MatrixRow[], seed: number): Promise<number> {
  let failures = 0;
  for (const row of chosen) {
    const { failure } = await attempt(row, seed);
    console.log(`${row.id} with SEED=${seed}: ${failure ?? 'holds'}`);
    if (failure !== null) failures++;
  }
  return failures === 0 ? 0 : 1;
}

async function runRow(
  row: MatrixRow,
  sources: string,
  endAtMs: number,
  { fresh, quick }: RunOptions,
): Promise<Progress> {
  if (fresh) forgetProgress(row.id);
  let progress = loadProgress(row.id, sources);
  if (quick) progress = { ...progress, tried: 0, failed: [] };
  if (row.onlyOn !== undefined && row.onlyOn !== process.platform) return progress;
  const wanted = quick ? row.quick : row.full;
  let shownMs = performance.now();
  while (progress.tried < wanted && performance.now() < endAtMs) {
    const { seed, tried, failure } = await attempt(row, progress.next);
    const failed = failure === null ? progress.failed : [...progress.failed, { seed, failure }];
    progress = { sources, next: seed + 1, tried: progress.tried + tried, failed };
    if (failure !== null) console.log(`${row.id} failed: ${replayOf(row, seed)}\n${failure}\n`);
    if (!quick) saveProgress(row.id, progress);
    if (performance.now() - shownMs < SHOW_EVERY_MS) continue;
    shownMs = performance.now();
    console.log(`${row.id}: ${progress.tried} of ${wanted}, ${progress.failed.length} failed`);
  }
  return progress;
}
