import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LaneCount, LaneSample } from '../../../shared/protocol/lane-count.ts';
import { ONE_LANE, nextLaneCount } from '../../../shared/protocol/lane-count.ts';
import { MAX_LANES } from '../../../shared/protocol/limits.ts';

const MB = 1_000_000;
const limitedBy = fc.constantFrom(
  null,
  'network' as const,
  'ourDisk' as const,
  'theirComputer' as const,
);

/** As many samples, each of what so many lanes bring. */
function after(
  samples: number,
  bytesOf: (lanes: number) => number,
  by: LaneSample['limitedBy'] = 'network',
): LaneCount {
  let count = ONE_LANE;
  for (let n = 0; n < samples; n++) {
    const lanes = count.wanted;
    count = nextLaneCount(count, { lanes, bytes: bytesOf(lanes), limitedBy: by });
  }
  return count;
}

describe('the number of lanes', () => {
  test('never falls, and never passes the most, whatever happens', () => {
    const sample = fc.record({ lanes: fc.nat(MAX_LANES), bytes: fc.nat(200 * MB), limitedBy });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 200 }), (samples) => {
        let count = ONE_LANE;
        for (const one of samples) {
          const next = nextLaneCount(count, one);
          expect(next.wanted).toBeGreaterThanOrEqual(count.wanted);
          expect(next.wanted).toBeLessThanOrEqual(MAX_LANES);
          if (next.wanted > count.wanted) {
            expect(one.limitedBy).toBe('network');
            expect(one.lanes).toBe(count.wanted);
          }
          count = next;
        }
      }),
    );
  });

  test('is one where disks or computers hold it up, and on a quick network', () => {
    for (const by of ['ourDisk', 'theirDisk', 'ourComputer', 'theirComputer', null] as const) {
      expect(after(100, () => MB, by).wanted).toBe(1);
    }
    expect(after(100, () => 57 * MB).wanted).toBe(1); // a gigabit, for half a second
  });

  test('is the most at once where a lane is starved', () => {
    expect(after(1, (lanes) => lanes * MB).wanted).toBe(MAX_LANES);
  });

  test('grows step by step where a lane carries something, as long as it brings more', () => {
    expect(after(1, (lanes) => lanes * 6 * MB).wanted).toBe(4);
    expect(after(5, (lanes) => lanes * 6 * MB).wanted).toBe(MAX_LANES);
  });

  test('stays where more bring nothing, but for a few trials', () => {
    const count = after(10, () => 6 * MB);
    expect(count).toMatchObject({ wanted: 4, vain: 1 });
    expect(after(10_000, () => 6 * MB).vain).toBeLessThanOrEqual(3);
  });

  test('is not judged by a sample with another number of lanes', () => {
    const count = nextLaneCount(ONE_LANE, { lanes: 0, bytes: MB, limitedBy: 'network' });
    expect(count).toEqual(ONE_LANE);
  });
});
