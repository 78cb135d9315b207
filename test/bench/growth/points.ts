import { truncateSync, writeFileSync } from 'node:fs';
import { makeSmallFiles } from '../sources.ts';
import { median } from '../statistics.ts';

/** What grows: the bytes of one file, or the number of files. */
export type Axis = 'bytes' | 'files';

export interface Step {
  readonly axis: Axis;
  readonly amount: number;
  /** How often it is carried. The largest take minutes. */
  readonly times: number;
}

export interface Carried {
  /**
   * From the start of the sender's program to its "delivered". Not from its "offer": its threads work while it
   * still loads the words, so that a small transfer is over before the program says that it offers.
   */
  readonly deliveredMs: number;
  readonly cpuSeconds: number;
  readonly senderPeakBytes: number;
  readonly receiverPeakBytes: number;
}

export interface Point {
  readonly axis: Axis;
  readonly amount: number;
  readonly runs: readonly Carried[];
}

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
export const SMALL_BYTES = 4096;

/** The first of each axis is what any transfer costs: the others are counted from it. */
export const STEPS: readonly Step[] = [
  { axis: 'bytes', amount: 1, times: 5 },
  { axis: 'bytes', amount: MIB, times: 5 },
  { axis: 'bytes', amount: 16 * MIB, times: 5 },
  { axis: 'bytes', amount: 256 * MIB, times: 5 },
  { axis: 'bytes', amount: 4 * GIB, times: 3 },
  { axis: 'bytes', amount: 100e9, times: 1 },
  { axis: 'files', amount: 1, times: 5 },
  { axis: 'files', amount: 10, times: 5 },
  { axis: 'files', amount: 100, times: 5 },
  { axis: 'files', amount: 1000, times: 5 },
  { axis: 'files', amount: 10_000, times: 3 },
  // with its folders it is the most that one offer may hold
  { axis: 'files', amount: 99_000, times: 1 },
];

/** Those that take seconds. */
export const QUICK_STEPS = STEPS.filter(
  ({ axis, amount }) => amount <= (axis === 'bytes' ? 256 * MIB : 1000),
);

/** One file is a hole: nothing is read from a disk, and a hundred gigabytes fit. */
export function makeStep(path: string, { axis, amount }: Step): void {
  if (axis === 'files') {
    makeSmallFiles(path, amount, SMALL_BYTES);
    return;
  }
  writeFileSync(path, '');
  truncateSync(path, amount);
}

export interface Cost {
  readonly amount: number;
  /** Beyond what any transfer costs: ms for each MiB, or microseconds for each file. */
  readonly perUnit: number;
}

const UNIT: Readonly<Record<Axis, { readonly per: number; readonly inOneMs: number }>> = {
  bytes: { per: MIB, inOneMs: 1 },
  files: { per: 1, inOneMs: 1000 },
};

/** What one more of it costs, for every point but the first. Flat where growing costs nothing. */
export function costsOf(points: readonly Point[], axis: Axis): readonly Cost[] {
  const [base, ...rest] = points.filter((point) => point.axis === axis);
  if (!base) return [];
  const baseMs = timeOf(base);
  const { per, inOneMs } = UNIT[axis];
  return rest.map((point) => {
    const units = (point.amount - base.amount) / per;
    return { amount: point.amount, perUnit: ((timeOf(point) - baseMs) * inOneMs) / units };
  });
}

function timeOf({ runs }: Point): number {
  return median(runs.map(({ deliveredMs }) => deliveredMs));
}
