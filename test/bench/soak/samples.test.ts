import { expect, test } from 'vitest';
import type { SoakSample } from './samples.ts';
import { slopePerThousand } from './samples.ts';

const at = (transfers: number, residentBytes: number): SoakSample => ({
  side: 'sender',
  transfers,
  residentBytes,
  heapBytes: 0,
  descriptors: 20,
  resources: 5,
});

test('what fills up at first does not count, what grows all the time does', () => {
  const samples = [at(0, 10), at(100, 90_000), at(400, 1000), at(700, 1300), at(1000, 1600)];
  expect(slopePerThousand(samples, (sample) => sample.residentBytes)).toBeCloseTo(1000);
  expect(slopePerThousand(samples, (sample) => sample.descriptors)).toBe(0);
});

test('what is in hand for a moment does not count, wherever it falls', () => {
  const samples = Array.from({ length: 100 }, (_, n) =>
    at(n * 100, n % 9 === 5 || n > 96 ? 900 : 500),
  );
  expect(slopePerThousand(samples, (sample) => sample.residentBytes)).toBe(0);
});

test('one sample has no slope', () => {
  expect(slopePerThousand([at(0, 10)], (sample) => sample.residentBytes)).toBe(0);
});
