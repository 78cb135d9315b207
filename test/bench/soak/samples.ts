import { median } from '../statistics.ts';

/** What one program had in its hands at a moment of a soak. */
export interface SoakSample {
  readonly side: 'sender' | 'receiver';
  /** Whole transfers until then. */
  readonly transfers: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly descriptors: number;
  /** Timers, sockets and the like that keep the threads alive, of all threads together. */
  readonly resources: number;
}

/** Programs fill their caches first. */
const WARM_UP = 0.2;

/**
 * Of so many stretches the median counts: samples fall while a large file goes by lanes, while a small one goes,
 * or in between, and what is in hand for a moment is no leak.
 */
const STRETCHES = 8;

/** By how much a figure grows with each thousand transfers: the line of least squares, after the warm-up. */
export function slopePerThousand(
  samples: readonly SoakSample[],
  figure: (sample: SoakSample) => number,
): number {
  const last = samples.at(-1)?.transfers ?? 0;
  const settled = samples.filter(({ transfers }) => transfers >= last * WARM_UP);
  const points = stretchesOf(settled).map((stretch) => ({
    transfers: median(stretch.map(({ transfers }) => transfers)),
    value: median(stretch.map(figure)),
  }));
  const n = points.length;
  const x = points.reduce((sum, { transfers }) => sum + transfers, 0) / n;
  const y = points.reduce((sum, { value }) => sum + value, 0) / n;
  const above = points.reduce((sum, p) => sum + (p.transfers - x) * (p.value - y), 0);
  const below = points.reduce((sum, p) => sum + (p.transfers - x) ** 2, 0);
  return below === 0 ? 0 : (1000 * above) / below;
}

function stretchesOf(samples: readonly SoakSample[]): SoakSample[][] {
  const length = Math.ceil(samples.length / STRETCHES);
  const stretches: SoakSample[][] = [];
  for (let at = 0; at < samples.length; at += length)
    stretches.push(samples.slice(at, at + length));
  return stretches;
}
