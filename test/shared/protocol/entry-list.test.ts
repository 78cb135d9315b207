import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../shared/protocol/messages.ts';
import { EntryList } from '../../../shared/protocol/entry-list.ts';
import { MAX_FILE_BYTES } from '../../../shared/protocol/limits.ts';
import { PathList } from '../../../shared/protocol/path-list.ts';
import { usedBytes } from '../../support/used-bytes.ts';

const name = fc.constantFrom('a', 'b', 'c d', '😀');
const path = fc.array(name, { minLength: 1, maxLength: 4 });
const number = fc.constantFrom(0, 1, 2 ** 40 + 1, MAX_FILE_BYTES);
const time = { modifiedUs: number };
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ kind: fc.constant('directory' as const), path }),
  fc.record({ kind: fc.constant('directory' as const), path, ...time }),
  fc.record({ kind: fc.constant('file' as const), path, bytes: number }),
  fc.record({ kind: fc.constant('file' as const), path, bytes: number, ...time }),
  fc.record({
    kind: fc.constant('file' as const),
    path,
    bytes: number,
    ...time,
    executable: fc.boolean(),
  }),
);
const entries = fc.array(entry, { maxLength: 60 });

describe('a list of entries', () => {
  test('answers what was put into it, in any order, to the letter of its JSON', () => {
    fc.assert(
      fc.property(entries, fc.array(fc.nat(70)), (all, places) => {
        const list = EntryList.of(all);
        expect(list.length).toBe(all.length);
        expect(JSON.stringify([...list])).toBe(JSON.stringify(all));
        expect(JSON.stringify([...list.entries()])).toBe(JSON.stringify([...all.entries()]));
        expect([...list.paths]).toEqual(all.map((one) => one.path));
        for (const at of [...places, -1]) {
          expect(list.at(at)).toEqual(at < 0 ? undefined : all[at]);
          expect(list.paths.at(at)).toEqual(at < 0 ? undefined : all[at]?.path);
        }
      }),
    );
  });

  test('forgets its end, and takes another', () => {
    fc.assert(
      fc.property(entries, entries, fc.nat(60), (first, second, at) => {
        const length = Math.min(at, first.length);
        const list = EntryList.of(first);
        list.at(length);
        list.cutTo(length);
        for (const one of second) list.add(one);
        expect([...list]).toEqual([...first.slice(0, length), ...second]);
        expect(list.at(length)).toEqual(second[0]);
      }),
    );
  });

  test('of many files in folders takes a half of what objects for them would, at most', () => {
    const count = 20_000;
    const made = (): EntryList => {
      const list = new EntryList();
      for (let n = 0; n < count; n++) {
        const inside = ['top', `folder ${n >> 7}`, `a file of some length ${n}`];
        list.add({ kind: 'file', path: inside, bytes: n, modifiedUs: 1e15 + n, executable: true });
      }
      return list;
    };
    const before = usedBytes();
    const list = made();
    const bytes = (usedBytes() - before) / count;
    expect(list.length).toBe(count);
    expect(bytes).toBeLessThan(230);
  });

  test.each([
    ['of one letter', 64, 2_100, 'x', 1],
    ['not Latin', 15, 8_300, '漢', 16],
    ['long', 2, 8_300, '漢', 500],
  ])('costs no more than it says where its names share nothing and are %s', (...row) => {
    const [, depth, count, letter, units] = row;
    const path = (n: number): string[] =>
      Array.from(
        { length: depth },
        (_, at) => letter.repeat(units) + String.fromCodePoint(0x100 + ((n * depth + at) & 0x7fff)),
      );
    const before = usedBytes();
    const list = new EntryList();
    for (let n = 0; n < count; n++) {
      const one = { kind: 'file', path: path(n), bytes: n, modifiedUs: n };
      list.add(JSON.parse(JSON.stringify(one)) as Entry);
    }
    const bytes = usedBytes() - before;
    expect(list.keptBytes).toBeGreaterThan(bytes);
    expect(list.keptBytes).toBeLessThan(bytes * 2.5);
  });

  test('paths that share nothing cost their names and no more', () => {
    const before = usedBytes();
    const list = new PathList();
    const deep = Array.from({ length: 64 }, () => 'x');
    for (let n = 0; n < 4_000; n++) list.add(n % 2 === 0 ? deep : ['y', ...deep.slice(1)]);
    expect(list.at(3_999)).toEqual(['y', ...deep.slice(1)]);
    expect((usedBytes() - before) / (4_000 * 64)).toBeLessThan(32);
  });
});
