/** How fast a transfer went from its start until now: evenly spaced, and never more than a row has room for. */
export interface RateCurve {
  /** Bytes a second, one for each step, oldest first. */
  readonly rates: readonly number[];
  readonly stepMs: number;
  /** Up to here it is drawn. Monotonic. */
  readonly untilMs: number;
  readonly untilBytes: number;
}

export const MAX_CURVE_POINTS = 80;
const FIRST_STEP_MS = 500;

/** `before`: what was drawn until bytes stopped flowing; the time in between is left out. */
export function beginCurve(before: RateCurve | undefined, atMs: number, bytes: number): RateCurve {
  const { rates = [], stepMs = FIRST_STEP_MS } = before ?? {};
  return { rates, stepMs, untilMs: atMs, untilBytes: bytes };
}

export function extendCurve(curve: RateCurve, atMs: number, bytes: number): RateCurve {
  const elapsedMs = atMs - curve.untilMs;
  let { stepMs } = curve;
  const steps = Math.floor(elapsedMs / stepMs);
  if (steps < 1) return curve;
  const rate = Math.round((Math.max(0, bytes - curve.untilBytes) * 1000) / elapsedMs);
  const added = new Array<number>(Math.min(steps, MAX_CURVE_POINTS)).fill(rate);
  let rates: readonly number[] = [...curve.rates, ...added];
  while (rates.length > MAX_CURVE_POINTS) {
    rates = halved(rates);
    stepMs *= 2;
  }
  return { rates, stepMs, untilMs: atMs, untilBytes: bytes };
}

function halved(rates: readonly number[]): readonly number[] {
  const pairs = Math.ceil(rates.length / 2);
  return Array.from({ length: pairs }, (_, at) => {
    const one = rates[2 * at] ?? 0;
    return Math.round((one + (rates[2 * at + 1] ?? one)) / 2);
  });
}
