import { expect, it } from 'vitest';
import { lastTenthOverFirst } from './progress.ts';

const points = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([ms, bytes]) => ({ ms, bytes }));

it('what stays as fast as it was is 1', () => {
  expect(lastTenthOverFirst(points([0, 0], [500, 500], [1000, 1000]))).toBeCloseTo(1);
});

it('what ends half as fast as it began is a half', () => {
  const slower = points([40, 0], [50, 10], [140, 90], [160, 100]);
  expect(lastTenthOverFirst(slower)).toBeCloseTo(0.5);
});

it('the time before the first byte is not counted', () => {
  const waited = points([0, 0], [900, 0], [1000, 100]);
  expect(lastTenthOverFirst(waited)).toBeCloseTo(1);
});

it('is unknown where nothing came between', () => {
  expect(lastTenthOverFirst([])).toBeNull();
  expect(lastTenthOverFirst(points([0, 0]))).toBeNull();
  expect(lastTenthOverFirst(points([0, 7], [1, 7]))).toBeNull();
});
