import { expect, test } from 'vitest';
import type { DeliveryOptions } from '../../../electron/engine/transfer/delivery-options.ts';
import type { Fact } from '../../../electron/engine/transfer/journal-records.ts';
import { RefusedEntries } from '../../../electron/engine/transfer/refused-entries.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';

/** What is offered, under the names that it has; `looks`: how often an entry was looked at. */
function refusedOf(entries: readonly Entry[], unwanted: readonly number[] = []) {
  const facts: Fact[] = [];
  const seen = { looks: 0 };
  const has = (index: number): boolean => {
    seen.looks++;
    return unwanted.includes(index);
  };
  const options = {
    entries,
    saved: entries.map(({ path }) => path),
    skip: [],
    unwanted: { has },
    journal: { append: (...more: Fact[]) => facts.push(...more) },
  } as unknown as DeliveryOptions;
  return { refused: new RefusedEntries(options), facts, seen };
}

const folder = (...path: string[]): Entry => ({ kind: 'directory', path });
const file = (...path: string[]): Entry => ({ kind: 'file', path, bytes: 1 });

test('below a folder is what is in it, however deep, and nothing beside it', () => {
  const entries = [
    file('a', 'b', 'c', 'deep'), // in folders that were not offered themselves
    folder('a'),
    file('a', 'bc'),
    folder('a', 'b'),
    file('ab', 'b', 'x'),
    file('a', 'b', 'unwanted'),
    file('a', 'b', 'y'),
  ];
  const { refused, facts } = refusedOf(entries, [5]);
  expect(refused.below(['a', 'b'])).toEqual([0, 3, 6]);
  expect(refused.below(['a', 'b', 'c'])).toEqual([0]);
  expect(refused.below(['a', 'none'])).toEqual([]);
  refused.add(refused.below(['a', 'b', 'c']), 'PLACE_REFUSED');
  refused.add(refused.below(['a', 'b']), 'NO_PERMISSION');
  expect(facts).toEqual([
    { record: 'refused', code: 'PLACE_REFUSED', ranges: [[0, 0]] },
    {
      record: 'refused',
      code: 'NO_PERMISSION',
      ranges: [
        [3, 3],
        [6, 6],
      ],
    },
  ]);
  expect(refused.below(['a'])).toEqual([1, 2]);
});

/** If this fails, an offer of folders that no disk takes keeps its receiver busy for a quarter of an hour. */
test('folders that are refused one by one cost no look at all the others each', () => {
  const count = 2_000;
  const names = Array.from({ length: count }, (_, n) => String(n));
  const { refused, seen } = refusedOf(names.map((name) => folder('top', name)));
  for (const name of names) refused.add(refused.below(['top', name]), 'PLACE_REFUSED');
  expect(refused.size).toBe(count);
  expect(seen.looks).toBeLessThanOrEqual(2 * count);
});
