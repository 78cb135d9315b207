import type { MatrixRow } from './matrix.ts';
import type { Progress } from './progress.ts';

const PROMISE_WIDTH = 72;
const SEEDS_SHOWN = 5;

/** Row, promise, tried, wanted, failed, and the seeds of what failed. */
export function tableOf(
  results: readonly { readonly row: MatrixRow; readonly progress: Progress }[],
  quick: boolean,
): string {
  const lines = results.map(({ row, progress }) => [
    row.id,
    shortened(row.says),
    String(progress.tried),
    String(quick ? row.quick : row.full),
    String(progress.failed.length),
    progress.failed
      .slice(0, SEEDS_SHOWN)
      .map(({ seed }) => `SEED=${seed}`)
      .join(' '),
  ]);
  const all = [['row', 'promise', 'tried', 'wanted', 'failed', 'again by'], ...lines];
  const widths = [0, 1, 2, 3, 4].map((n) => Math.max(...all.map((line) => line[n]?.length ?? 0)));
  const rows = all.map((line) =>
    line.map((cell, n) => (n < 2 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))),
  );
  return rows.map((cells) => cells.join('  ').trimEnd()).join('\n');
}

function shortened(text: string): string {
  return text.length <= PROMISE_WIDTH ? text : `${text.slice(0, PROMISE_WIDTH - 1)}…`;
}
