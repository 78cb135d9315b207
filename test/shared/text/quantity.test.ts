import { expect, test } from 'vitest';
import { formatBytes, formatRate, roundRemaining } from '../../../shared/text/quantity.ts';

/** If these fail, a person reads a size or a time that nobody would say. */

const tens = { locale: 'en', step: 1000, isSteady: false } as const;

test.each([
  [-5, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [1_250, '1.3 kB'],
  [999_940, '999.9 kB'],
  [999_950, '1 MB'],
  [999_999_999, '1 GB'],
  [1_500 * 1000 ** 5, '1,500 PB'],
])('%d bytes are %s', (bytes, words) => {
  expect(formatBytes(bytes, tens)).toBe(words);
});

test('where a kilobyte holds 1,024, just that many make one', () => {
  expect([1_023, 1_024].map((bytes) => formatBytes(bytes, { ...tens, step: 1024 }))).toEqual([
    '1,023 bytes',
    '1 kB',
  ]);
});

test('a figure that changes while it is looked at keeps its width', () => {
  const steady = { ...tens, isSteady: true };
  expect([12, 12_000, 123_400].map((bytes) => formatBytes(bytes, steady))).toEqual([
    '12 bytes',
    '12.0 kB',
    '123 kB',
  ]);
});

test('a rate below a kilobyte is not told more closely', () => {
  expect([0, 12, 1_000, 2_500_000].map((rate) => formatRate(rate, tens))).toEqual([
    '1 kB/s',
    '1 kB/s',
    '1 kB/s',
    '2.5 MB/s',
  ]);
});

test.each([
  [2.9, 'soon', 0],
  [3, 'seconds', 3],
  [19.2, 'seconds', 20],
  [21, 'seconds', 25],
  [54.9, 'seconds', 55],
  [55, 'minutes', 1],
  [89, 'minutes', 1],
  [91, 'minutes', 2],
  [89.4 * 60, 'minutes', 89],
  [90 * 60, 'hours', 2],
  [100 * 3600, 'hours', 100],
])('%d seconds are left: %s, %d', (seconds, unit, count) => {
  expect(roundRemaining(seconds * 1000)).toEqual({ unit, count });
});
