import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce, sortSteps } from '../../../shared/protocol/steps.ts';

/** If these fail, the two ends of a transfer compute different hashes of what is the same. */

test('sorting in steps is sorting, and keeps the order of what is equal', () => {
  const rows = fc.array(fc.record({ key: fc.integer({ min: 0, max: 40 }), at: fc.integer() }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(rows, (list) => {
      const compare = (a: { key: number }, b: { key: number }): number => a.key - b.key;
      expect(atOnce(sortSteps(list, compare))).toEqual([...list].sort(compare));
    }),
  );
});

test('what is in order already stays so, and is another list all the same', () => {
  const list = Array.from({ length: 100 }, (_, n) => n >> 1);
  const sorted = atOnce(sortSteps(list, (a, b) => a - b));
  expect(sorted).toEqual(list);
  expect(sorted).not.toBe(list);
});
