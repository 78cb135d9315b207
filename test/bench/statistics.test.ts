import { describe, expect, it } from 'vitest';
import { median, pairedRatio, randomFrom, shuffled, spread } from './statistics.ts';

const rounds = (...values: readonly number[]) =>
  values.map((value, n) => ({ round: n + 1, value }));

describe('the median', () => {
  it('is the middle one, or between the two in the middle', () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([4, 1, 100, 2])).toBe(3);
    expect(spread([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100 });
  });

  it('of nothing is no number', () => {
    expect(() => median([])).toThrow('nothing');
  });
});

describe('paired ratios', () => {
  it('compare what met the same machine', () => {
    // in the second round everything took ten times as long
    expect(pairedRatio(rounds(2, 20, 2), rounds(1, 10, 1))).toEqual({ median: 2, min: 2, max: 2 });
  });

  it('leave out a round in which one of the two is missing', () => {
    const ratio = pairedRatio(rounds(2, 99, 6), [
      { round: 3, value: 2 },
      { round: 1, value: 1 },
    ]);
    expect(ratio).toEqual({ median: 2.5, min: 2, max: 3 });
    expect(pairedRatio(rounds(1), [{ round: 2, value: 1 }])).toBeNull();
  });
});

describe('the order of a round', () => {
  it('follows from the seed, and holds everybody once', () => {
    const all = [1, 2, 3, 4, 5, 6];
    const orders = [1, 1, 2].map((seed) => shuffled(all, randomFrom(seed)));
    expect(orders[0]).toEqual(orders[1]);
    expect(orders[0]).not.toEqual(orders[2]);
    for (const order of orders) expect(order.toSorted()).toEqual(all);
  });

  it('puts everybody everywhere', () => {
    const random = randomFrom(5);
    const seen = new Set<string>();
    for (let n = 0; n < 300; n++) seen.add(shuffled([0, 1, 2], random).join(''));
    expect(seen.size).toBe(6);
  });
});
