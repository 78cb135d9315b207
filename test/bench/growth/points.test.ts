import { expect, test } from 'vitest';
import type { Point } from './points.ts';
import { costsOf } from './points.ts';

const run = (deliveredMs: number) => ({
  deliveredMs,
  cpuSeconds: 1,
  senderPeakBytes: 1,
  receiverPeakBytes: 1,
});

test('what any transfer costs is not counted, and a median stands for several', () => {
  const points: Point[] = [
    { axis: 'files', amount: 1, runs: [run(50)] },
    { axis: 'files', amount: 11, runs: [run(900), run(60), run(59)] },
    { axis: 'files', amount: 1001, runs: [run(250)] },
    { axis: 'bytes', amount: 1, runs: [run(40)] },
    { axis: 'bytes', amount: 1 + 10 * 1024 * 1024, runs: [run(90)] },
  ];
  expect(costsOf(points, 'files')).toEqual([
    { amount: 11, perUnit: 1000 },
    { amount: 1001, perUnit: 200 },
  ]);
  expect(costsOf(points, 'bytes')).toEqual([{ amount: 1 + 10 * 1024 * 1024, perUnit: 5 }]);
});

test('nothing measured costs nothing', () => {
  expect(costsOf([], 'bytes')).toEqual([]);
});
