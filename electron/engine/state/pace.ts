import type { RateSample } from '../../../shared/model/progress.ts';
import { firstSample, nextSample } from '../../../shared/model/progress.ts';
import type { RateCurve } from '../../../shared/model/rate-curve.ts';
import { beginCurve, extendCurve } from '../../../shared/model/rate-curve.ts';

/** How fast a transfer goes, and went. */
export interface Pace {
  readonly sample: RateSample;
  readonly curve: RateCurve;
  /** Bytes have stopped flowing since: what comes next is measured anew. */
  readonly isHalted: boolean;
}

export function nextPace(last: Pace | undefined, nowMs: number, bytes: number): Pace {
  const isHalted = false;
  if (last === undefined || last.isHalted) {
    const curve = beginCurve(last?.curve, nowMs, bytes);
    return { sample: firstSample(nowMs, bytes), curve, isHalted };
  }
  const sample = nextSample(last.sample, nowMs, bytes);
  return { sample, curve: extendCurve(last.curve, nowMs, bytes), isHalted };
}
