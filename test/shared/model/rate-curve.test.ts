import { expect, test } from 'vitest';
import type { RateCurve } from '../../../shared/model/rate-curve.ts';
import { MAX_CURVE_POINTS, beginCurve, extendCurve } from '../../../shared/model/rate-curve.ts';

/** The course of a transfer's rate, in few points. */

/** Counts come ten times a second. */
function drawn(curve: RateCurve, seconds: number, bytesPerSecond: number): RateCurve {
  let { untilMs, untilBytes } = curve;
  let next = curve;
  for (let n = 0; n < seconds * 10; n += 1) {
    untilMs += 100;
    untilBytes += bytesPerSecond / 10;
    next = extendCurve(next, untilMs, untilBytes);
  }
  return next;
}

test('each step has the rate in which bytes came then', () => {
  const slow = drawn(beginCurve(undefined, 1_000, 50), 2, 1_000);
  expect(drawn(slow, 1, 4_000).rates).toEqual([1_000, 1_000, 1_000, 1_000, 4_000, 4_000]);
});

test('however long it takes, all of it is told in few points', () => {
  const slow = drawn(beginCurve(undefined, 0, 0), 200, 1_000);
  const { rates } = drawn(slow, 200, 3_000);
  expect(rates.length).toBeLessThanOrEqual(MAX_CURVE_POINTS);
  expect(rates.length).toBeGreaterThan(MAX_CURVE_POINTS / 4);
  expect([rates[0], rates.at(-1)]).toEqual([1_000, 3_000]);
  const slowShare = rates.filter((rate) => rate < 2_000).length / rates.length;
  expect(slowShare).toBeGreaterThan(0.3);
  expect(slowShare).toBeLessThan(0.7);
});

test('a long silence is told as one, and costs no more points', () => {
  const before = drawn(beginCurve(undefined, 0, 0), 1, 1_000);
  const { rates } = extendCurve(before, before.untilMs + 86_400_000, before.untilBytes);
  expect(rates.length).toBeLessThanOrEqual(MAX_CURVE_POINTS);
  expect(rates.at(-1)).toBe(0);
});

test('the time in which nothing could flow is left out', () => {
  const before = drawn(beginCurve(undefined, 0, 0), 1, 1_000);
  const again = drawn(beginCurve(before, 900_000, before.untilBytes), 1, 1_000);
  expect(again.rates).toEqual([1_000, 1_000, 1_000, 1_000]);
});
