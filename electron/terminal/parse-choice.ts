import { folded } from '../../shared/model/folded.ts';

/** What a person types to choose from a list that was numbered from 1. */

const PLACES = /^(\d+)(?:\s*-\s*(\d+))?$/;
const BETWEEN = /[,;、，،؛]/;

/**
 * Numbers (`3`), ranges (`5-7`) and names, in which `*` stands for anything and `?` for one character.
 * Answers places from 0. null: one of them is none in the list.
 */
export function chosenPlaces(typed: string, names: readonly string[]): ReadonlySet<number> | null {
  const chosen = new Set<number>();
  const words = typed.split(BETWEEN).map((word) => word.trim());
  for (const word of words.filter((one) => one !== '')) {
    const places = placesOf(word, names);
    if (places.length === 0) return null;
    for (const place of places) chosen.add(place);
  }
  return chosen;
}

function placesOf(word: string, names: readonly string[]): readonly number[] {
  const [, first, last = first] = PLACES.exec(word) ?? [];
  if (first !== undefined) {
    const [from, to] = [Number(first), Number(last)];
    if (from < 1 || to < from || to > names.length) return [];
    return Array.from({ length: to - from + 1 }, (_, n) => from - 1 + n);
  }
  return namedPlaces(word, names);
}

/** Those that are called so. */
export function namedPlaces(word: string, names: readonly string[]): readonly number[] {
  const pattern = Array.from(folded(word));
  return [...names.keys()].filter((place) => fits(Array.from(folded(names[place] ?? '')), pattern));
}

/** In steps that grow with the two lengths alone: names come from others. */
function fits(name: readonly string[], pattern: readonly string[]): boolean {
  let at = 0;
  let place = 0;
  /** The last `*`, and how much of the name it has taken. */
  let star = -1;
  let taken = 0;
  while (at < name.length) {
    const want = pattern[place];
    if (want === '*') {
      star = place++;
      taken = at;
    } else if (want === '?' || (want !== undefined && want === name[at])) {
      at++;
      place++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++taken;
    } else return false;
  }
  return pattern.slice(place).every((want) => want === '*');
}
