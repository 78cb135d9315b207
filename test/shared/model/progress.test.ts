import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstSample, nextSample, remainingMs } from '../../../shared/model/progress.ts';

test('the first measured rate stands alone', () => {
  expect(nextSample(firstSample(0, 50), 500, 1050).bytesPerSecond).toBe(2000);
});

test('a rate that changes is followed, the old one halved in one and a half seconds', () => {
  const steady = nextSample(firstSample(0, 0), 1000, 1000);
  const stopped = nextSample(steady, 2500, 1000);
  expect(stopped.bytesPerSecond).toBeCloseTo(500);
});

test('a steady rate is shown as it is, however often it is looked at', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 }), (gaps) => {
      let sample = firstSample(0, 0);
      for (const gap of gaps) {
        const atMs = sample.atMs + gap;
        sample = nextSample(sample, atMs, atMs * 4);
      }
      expect(sample.bytesPerSecond).toBeCloseTo(4000);
      expect(remainingMs(sample, sample.bytes + 4000)).toBeCloseTo(1000);
    }),
  );
});

test('two looks at one moment, and bytes that go back, give no nonsense', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2000), fc.nat(1e9))), (looks) => {
      let sample = firstSample(0, 0);
      for (const [gap, bytes] of looks) {
        sample = nextSample(sample, sample.atMs + gap, bytes);
        expect(sample.bytesPerSecond).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(sample.bytesPerSecond)).toBe(true);
        const left = remainingMs(sample, 1e9);
        expect(left === null || (left >= 0 && Number.isFinite(left))).toBe(true);
      }
    }),
  );
});

test('without a rate nobody knows how long it takes', () => {
  expect(remainingMs(firstSample(0, 0), 100)).toBeNull();
  expect(remainingMs({ atMs: 1, bytes: 200, bytesPerSecond: 10 }, 100)).toBe(0);
});
