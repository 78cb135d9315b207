import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepSame } from '../../renderer/keep-same.ts';

/** If these fail, the window shows what is old, or draws again what has not changed. */

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
// as a wire carries it: without a negative zero
const data = fc.jsonValue({ maxDepth: 4 }).map(copy);

test('it says what the next says, whatever was before', () => {
  fc.assert(
    fc.property(data, data, (before, next) => {
      expect(keepSame(before, next)).toStrictEqual(next);
    }),
  );
});

test('what says the same is the same', () => {
  fc.assert(
    fc.property(data, (before) => {
      expect(keepSame(before, copy(before))).toBe(before);
    }),
  );
});

test('where one part is another one, the rest stays, and what it stands in does not', () => {
  const before = { self: { name: 'Ada' }, transfers: [{ id: 1, bytes: 1, by: [1] }, { id: 2 }] };
  const next = copy(before);
  const [first] = next.transfers;
  if (first) first.bytes = 2;
  const kept = keepSame(before, next);
  expect(kept).not.toBe(before);
  expect(kept.self).toBe(before.self);
  expect(kept.transfers).not.toBe(before.transfers);
  expect(kept.transfers[0]).not.toBe(before.transfers[0]);
  expect(kept.transfers[0]?.by).toBe(before.transfers[0]?.by);
  expect(kept.transfers[1]).toBe(before.transfers[1]);
});

test('a part that is gone, and one that is new, are seen', () => {
  const [bare, more] = [{ code: null }, { code: null, text: undefined }];
  expect(keepSame<object>(more, bare)).toStrictEqual(bare);
  expect(keepSame<object>(bare, more)).toStrictEqual(more);
  expect(keepSame([1, 2], [1])).toStrictEqual([1]);
});
