import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Branches } from '../../renderer/features/offer/tree-rows.ts';
import {
  NO_BRANCHES,
  PAGE,
  TOP,
  missingPages,
  rowAt,
  rowCount,
  turned,
  withPage,
} from '../../renderer/features/offer/tree-rows.ts';
import type { TreeStep } from '../../renderer/ui/tree-keys.ts';
import { stepInTree } from '../../renderer/ui/tree-keys.ts';
import { keyOf } from '../../shared/model/choice.ts';
import type { OfferedPage, OfferedThing } from '../../shared/model/offered.ts';

/** A folder has three folders down to a depth, and files. */
const DEPTH = 3;
const FOLDERS = 3;
const FILES = 2;
const held = { files: 1, bytes: 1, emptyFolders: 0 };

function inside(path: readonly string[]): OfferedThing[] {
  if (path.length === DEPTH) return [];
  const folders = Array.from({ length: FOLDERS }, (_, n) => `d${n}`);
  const files = Array.from({ length: FILES }, (_, n) => `f${n}`);
  const children = path.length + 1 === DEPTH ? 0 : FOLDERS + FILES;
  return [
    ...folders.map((name) => ({ name, kind: 'folder' as const, ...held, children })),
    ...files.map((name) => ({ name, kind: 'file' as const, ...held, children: 0 })),
  ];
}

function page(path: readonly string[]): OfferedPage {
  const things = inside(path);
  return { things, total: things.length, held };
}

/** What a person would see, drawn without counting. */
function drawn(open: ReadonlySet<string>, path: readonly string[] = []): string[] {
  return inside(path).flatMap(({ name }) => {
    const below = [...path, name];
    const key = keyOf(below);
    return [key, ...(open.has(key) ? drawn(open, below) : [])];
  });
}

/** Everything that the rows show has come. */
function loaded(branches: Branches): Branches {
  let all = branches;
  for (const { path } of missingPages(all, 0, rowCount(all)))
    all = withPage(all, path, 0, page(path));
  return all;
}

describe('the rows of an offer', () => {
  test('are those of its open folders, in whatever order they were opened and closed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 12 }), (presses) => {
        let branches = withPage(NO_BRANCHES, [], 0, page([]));
        const open = new Set<string>();
        for (const press of presses) {
          const row = rowAt(branches, press % rowCount(branches));
          if (row?.thing?.kind !== 'folder') continue;
          const key = keyOf([...row.branch.path, row.thing.name]);
          if (!open.delete(key)) open.add(key);
          branches = loaded(turned(branches, row));
        }
        const expected = drawn(open);
        expect(rowCount(branches)).toBe(expected.length);
        expect(rowAt(branches, expected.length)).toBeNull();
        for (const [at, key] of expected.entries()) {
          const row = rowAt(branches, at);
          const name = row?.thing?.name ?? '';
          expect(keyOf([...(row?.branch.path ?? []), name])).toBe(key);
          expect(row?.level).toBe((row?.branch.path.length ?? 0) + 1);
          expect(row?.isOpen).toBe(open.has(key));
          const parent = keyOf(row?.branch.path ?? []);
          expect(row?.parent).toBe(parent === TOP ? null : expected.indexOf(parent));
        }
      }),
    );
  });

  test('of a long folder are asked for where they are looked at', () => {
    const things = inside([]).slice(0, 1);
    const first = { things, total: 1, held };
    const long = { ...things[0]!, children: 10 * PAGE };
    let branches = withPage(NO_BRANCHES, [], 0, { ...first, things: [long] });
    branches = turned(branches, rowAt(branches, 0)!);
    expect(rowCount(branches)).toBe(1 + 10 * PAGE);
    expect(missingPages(branches, 3 * PAGE - 4, 3 * PAGE + 6)).toEqual([
      { path: ['d0'], page: 2 },
      { path: ['d0'], page: 3 },
    ]);
    expect(rowAt(branches, 5)).toMatchObject({ level: 2, place: 4, thing: undefined, parent: 0 });
  });
});

describe('a key in a tree', () => {
  const closed = { isOpen: false, parent: 1 };
  const open = { isOpen: true, parent: null };
  const leaf = { isOpen: null, parent: 1 };
  const step = (key: string, row: typeof open | typeof closed | typeof leaf | null, rtl = false) =>
    stepInTree(key, { at: 4, count: 20, page: 8, row, isRightToLeft: rtl });
  const go = (to: number): TreeStep => ({ kind: 'go', to });
  const stay = { kind: 'stay' };

  test.each([
    ['ArrowDown', leaf, go(5)],
    ['ArrowUp', leaf, go(3)],
    ['PageDown', leaf, go(12)],
    ['PageUp', leaf, go(-4)],
    ['Home', leaf, go(0)],
    ['End', leaf, go(19)],
    ['ArrowRight', closed, { kind: 'open' }],
    ['ArrowRight', open, go(5)],
    ['ArrowRight', leaf, stay],
    ['ArrowLeft', open, { kind: 'open' }],
    ['ArrowLeft', closed, go(1)],
    ['ArrowLeft', leaf, go(1)],
    [' ', leaf, { kind: 'check' }],
    [' ', null, stay],
    ['Enter', closed, { kind: 'open' }],
    ['Enter', leaf, stay],
    ['Tab', leaf, null],
  ])('%s on %j is %j', (key, row, expected) => {
    expect(step(key, row)).toEqual(expected);
  });

  test('turns round where text runs from right to left', () => {
    expect(step('ArrowLeft', closed, true)).toEqual({ kind: 'open' });
    expect(step('ArrowRight', closed, true)).toEqual(go(1));
  });
});
