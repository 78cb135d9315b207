/** How fast a transfer goes, smoothed so that a person can read it. All times are monotonic. */
export interface RateSample {
  readonly atMs: number;
  readonly bytes: number;
  readonly bytesPerSecond: number;
}

/** The weight of what is new halves what is older than this. */
const HALF_LIFE_MS = 1_500;

export function firstSample(atMs: number, bytes: number): RateSample {
  return { atMs, bytes, bytesPerSecond: 0 };
}

export function nextSample(last: RateSample, atMs: number, bytes: number): RateSample {
  const elapsedMs = atMs - last.atMs;
  if (elapsedMs <= 0) return { ...last, bytes };
  const now = (Math.max(0, bytes - last.bytes) * 1000) / elapsedMs;
  // the first measured rate stands alone: there is nothing yet to smooth it with
  const old = last.bytesPerSecond === 0 ? 0 : 0.5 ** (elapsedMs / HALF_LIFE_MS);
  return { atMs, bytes, bytesPerSecond: last.bytesPerSecond * old + now * (1 - old) };
}

/** null: it cannot be told yet. */
export function remainingMs(sample: RateSample, totalBytes: number): number | null {
  if (sample.bytesPerSecond < 1) return null;
  return (Math.max(0, totalBytes - sample.bytes) * 1000) / sample.bytesPerSecond;
}
