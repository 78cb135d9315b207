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

/** By how much a figure grows with each thousand transfers: the line of least squares, after the warm-up. */
export function slopePerThousand(
  samples: readonly SoakSample[],
  figure: (sample: SoakSample) => number,
): number {
  const last = samples.at(-1)?.transfers ?? 0;
  const settled = samples.filter(({ transfers }) => transfers >= last * WARM_UP);
  const n = settled.length;
  const x = settled.reduce((sum, { transfers }) => sum + transfers, 0) / n;
  const y = settled.reduce((sum, sample) => sum + figure(sample), 0) / n;
  const above = settled.reduce((sum, s) => sum + (s.transfers - x) * (figure(s) - y), 0);
  const below = settled.reduce((sum, s) => sum + (s.transfers - x) ** 2, 0);
  return below === 0 ? 0 : (1000 * above) / below;
}
