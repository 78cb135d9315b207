import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CountedChoice, Held } from '../../../shared/model/choice.ts';
import {
  choiceSchema,
  isNothing,
  isWanted,
  rulesOf,
  wantedOf,
  withRule,
} from '../../../shared/model/choice.ts';

/** Files by path; a folder is what lies on a path. */
const FILES = ['a', 'b/c', 'b/d/e', 'b/d/f', 'b2/g', 'h/i/j', 'h/k'].map((path, at) => ({
  path: path.split('/'),
  bytes: 10 ** at,
}));
const PLACES = [
  ...new Set(FILES.flatMap(({ path }) => path.map((_, at) => path.slice(0, at + 1).join('/')))),
].map((path) => path.split('/'));

function isIn(path: readonly string[], place: readonly string[]): boolean {
  return place.every((name, at) => path[at] === name);
}

function heldIn(place: readonly string[], which = FILES): Held {
  const held = which.filter(({ path }) => isIn(path, place));
  const bytes = held.reduce((sum, file) => sum + file.bytes, 0);
  return { files: held.length, bytes, emptyFolders: 0 };
}

const presses = fc.array(fc.record({ path: fc.constantFrom(...PLACES), wanted: fc.boolean() }), {
  maxLength: 8,
});

function chosen(said: readonly { path: readonly string[]; wanted: boolean }[]): CountedChoice {
  return said.reduce<CountedChoice>(
    (choice, { path, wanted }) => withRule(choice, { path, wanted, held: heldIn(path) }),
    new Map(),
  );
}

describe('a choice', () => {
  test('is what was said last of each file, and is counted as it is', () => {
    fc.assert(
      fc.property(presses, (said) => {
        const choice = chosen(said);
        const left = FILES.filter(
          ({ path }) => said.findLast((press) => isIn(path, press.path))?.wanted ?? true,
        );
        for (const { path } of FILES) {
          expect(isWanted(choice, path)).toBe(left.some((file) => file.path === path));
        }
        for (const place of [[], ...PLACES]) {
          expect(wantedOf(choice, place, heldIn(place))).toEqual(heldIn(place, left));
        }
        expect(isNothing(wantedOf(choice, [], heldIn([])))).toBe(left.length === 0);
      }),
    );
  });

  test('says nothing twice, and can be told', () => {
    fc.assert(
      fc.property(presses, (said) => {
        const choice = chosen(said);
        expect(choiceSchema.parse(rulesOf(choice))).toEqual(rulesOf(choice));
        for (const { path, wanted } of choice.values()) {
          expect(isWanted(choice, path.slice(0, -1))).toBe(!wanted);
        }
      }),
    );
  });

  test('of a folder is none of another whose name begins alike', () => {
    const choice = chosen([{ path: ['b'], wanted: false }]);
    expect(isWanted(choice, ['b2', 'g'])).toBe(true);
    expect(isWanted(choice, ['b', 'c'])).toBe(false);
  });
});
