import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OfferedTree } from '../../../electron/engine/transfer/offered-tree.ts';
import { ALL_WANTED, UnwantedEntries } from '../../../electron/engine/transfer/unwanted-entries.ts';
import type { Choice } from '../../../shared/model/choice.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import { atOnce } from '../../../shared/protocol/steps.ts';

const file = (path: string, bytes: number): Entry => ({
  kind: 'file',
  path: path.split('/'),
  bytes,
  executable: false,
});
const directory = (path: string): Entry => ({ kind: 'directory', path: path.split('/') });

const ENTRIES: readonly Entry[] = [
  file('note', 1),
  directory('photos'),
  directory('photos/empty'),
  file('photos/a.jpg', 10),
  directory('photos/old'),
  file('photos/old/b.jpg', 100),
  file('photos/old/c.jpg', 1_000),
  file('implied/d', 10_000),
  directory('hollow'),
  directory('hollow/inside'),
  // found late, below a folder that was left
  file('photos/z.jpg', 100_000),
];

const tree = atOnce(OfferedTree.steps(ENTRIES));

/** What a choice leaves, found by looking at each entry alone. */
function left(choice: Choice): readonly boolean[] {
  const isIn = (path: readonly string[], place: readonly string[]): boolean =>
    place.every((name, at) => path[at] === name);
  const says = (path: readonly string[]): boolean =>
    choice
      .filter((rule) => isIn(path, rule.path))
      .sort((a, b) => a.path.length - b.path.length)
      .at(-1)?.wanted ?? true;
  const isLeaf = ({ kind, path }: Entry): boolean =>
    kind === 'file' ||
    !ENTRIES.some((other) => other.path.length > path.length && isIn(other.path, path));
  return ENTRIES.map(({ path }) =>
    ENTRIES.some((entry) => isLeaf(entry) && isIn(entry.path, path) && says(entry.path)),
  );
}

const places = [
  '',
  ...new Set(ENTRIES.flatMap(({ path }) => path.map((_, at) => path.slice(0, at + 1).join('/')))),
].map((path) => path.split('/').filter((name) => name !== ''));

const choices: fc.Arbitrary<Choice> = fc.uniqueArray(
  fc.record({ path: fc.constantFrom(...places), wanted: fc.boolean() }),
  { maxLength: 6, selector: ({ path }) => path.join('/') },
);

describe('an offer that is looked into', () => {
  test('shows what is at its top, with all that is in each', () => {
    expect(tree.page([], 0, 10)).toEqual({
      things: [
        { name: 'note', kind: 'file', files: 1, bytes: 1, emptyFolders: 0, children: 0 },
        { name: 'photos', kind: 'folder', files: 4, bytes: 101_110, emptyFolders: 1, children: 4 },
        { name: 'implied', kind: 'folder', files: 1, bytes: 10_000, emptyFolders: 0, children: 1 },
        { name: 'hollow', kind: 'folder', files: 0, bytes: 0, emptyFolders: 1, children: 1 },
      ],
      total: 4,
      held: { files: 6, bytes: 111_111, emptyFolders: 2 },
    });
  });

  test('shows a folder of it in parts', () => {
    const names = (from: number, count: number) =>
      tree.page(['photos'], from, count)?.things.map(({ name }) => name);
    expect(names(0, 2)).toEqual(['empty', 'a.jpg']);
    expect(names(2, 5)).toEqual(['old', 'z.jpg']);
    expect(tree.page(['photos'], 9, 2)).toMatchObject({ things: [], total: 4 });
  });

  test.each([[['nowhere']], [['note']], [['photos', 'a.jpg', 'x']], [['__proto__']]])(
    'has no folder %j',
    (path) => {
      expect(tree.page(path, 0, 10)).toBeNull();
    },
  );
});

describe('what is not wanted', () => {
  test('is what no rule lets in, and every folder in which nothing else is', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        const unwanted = tree.unwanted(choice);
        const wanted = left(choice);
        expect(ENTRIES.map((_, index) => !unwanted.has(index))).toEqual(wanted);
        const out = ENTRIES.filter((_, index) => !wanted[index]);
        const files = out.filter((entry) => entry.kind === 'file');
        expect(unwanted.totals).toEqual({
          files: files.length,
          directories: out.length - files.length,
          bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        });
        expect(unwanted.isAll).toBe(!wanted.includes(true));
        const declined = unwanted.declined(ENTRIES).map(({ index }) => ENTRIES[index]);
        expect(declined).toEqual(files);
      }),
    );
  });

  test('is the same again as a journal keeps it, in ranges that do not touch', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        const unwanted = tree.unwanted(choice);
        const { record } = unwanted;
        const again = UnwantedEntries.of(record, ENTRIES.length);
        expect(again.totals).toEqual(unwanted.totals);
        expect(again.record).toEqual(record);
        const ends = (record?.ranges ?? []).flat();
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        const gaps = ends.slice(2).filter((first, at) => at % 2 === 0 && first - ends[at + 1]! < 2);
        expect(gaps).toEqual([]);
      }),
    );
  });

  test('is nothing where nothing is said, or where a journal tells of no choice', () => {
    expect(tree.unwanted([]).record).toBeUndefined();
    expect(UnwantedEntries.of(undefined, 3).isAll).toBe(false);
    expect(ALL_WANTED.has(5)).toBe(false);
    expect(ALL_WANTED.isAll).toBe(false);
  });
});
