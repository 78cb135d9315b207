import type { Choice, ChoiceRule } from '../../shared/model/choice.ts';
import { EVERYTHING, MAX_CHOICE_RULES, keyOf } from '../../shared/model/choice.ts';
import type { OfferedPage, OfferedThing } from '../../shared/model/offered.ts';
import { namedPlaces } from './parse-choice.ts';

/** What of an offer is named by `--only`: names and paths, in which `*` and `?` stand for others. */

const PAGE = 500;

export type ListFolder = (
  path: readonly string[],
  from: number,
  count: number,
) => Promise<OfferedPage>;

interface Listing {
  readonly things: readonly OfferedThing[];
  readonly path: readonly string[];
}

/** What is named of one folder. */
interface Named {
  readonly within: Listing;
  readonly names: readonly string[];
}

/** Why there is no choice: there are no such things, or too many to name them one by one. */
export type NoChoice = 'nothing' | 'tooMuch';

/**
 * A name alone is looked for at the top, and then in the folder whose list a person is shown; a path leads
 * from the top down.
 */
export async function chosenOnly(
  patterns: readonly string[],
  list: ListFolder,
): Promise<Choice | NoChoice> {
  const top = await whole(list, []);
  const shown = await shownFirst(list, top);
  const folders = new Map<string, Listing>();
  const wanted = new Set<string>();
  for (const pattern of patterns) {
    const [name = '', ...rest] = pattern.split('/').filter((part) => part !== '');
    let found = await below(list, top, name, rest);
    if (found.length === 0 && shown !== top) found = await below(list, shown, name, rest);
    for (const { within, names } of found) {
      folders.set(keyOf(within.path), within);
      for (const one of names) wanted.add(keyOf([...within.path, one]));
    }
  }
  if (wanted.size === 0) return 'nothing';
  if (top.things.every(({ name }) => wanted.has(keyOf([name])))) return EVERYTHING;
  const rules = rulesFor(wanted, [...folders.values()]);
  return rules.length > MAX_CHOICE_RULES ? 'tooMuch' : rules;
}

/** Of a folder of which more is wanted than not, what is not wanted is told. */
function rulesFor(wanted: ReadonlySet<string>, folders: readonly Listing[]): ChoiceRule[] {
  const rules = new Map<string, ChoiceRule>([['', { path: [], wanted: false }]]);
  for (const { things, path } of folders) {
    if (path.some((_, depth) => wanted.has(keyOf(path.slice(0, depth + 1))))) continue;
    const isNamed = ({ name }: OfferedThing): boolean => wanted.has(keyOf([...path, name]));
    const isMost = things.filter(isNamed).length * 2 > things.length;
    if (isMost) rules.set(keyOf(path), { path, wanted: true });
    for (const thing of things) {
      const at = [...path, thing.name];
      // what a folder says of itself counts more than what the one above says of it
      if (isNamed(thing) === isMost || rules.has(keyOf(at))) continue;
      rules.set(keyOf(at), { path: at, wanted: !isMost });
    }
  }
  return [...rules.values()];
}

/** A folder that is all there is says nothing: what is in it does. */
async function shownFirst(list: ListFolder, top: Listing): Promise<Listing> {
  let shown = top;
  for (;;) {
    const [only] = shown.things;
    const isAlone = shown.things.length === 1 && only?.kind === 'folder' && only.children > 0;
    if (!isAlone) return shown;
    shown = await whole(list, [...shown.path, only.name]);
  }
}

async function below(
  list: ListFolder,
  within: Listing,
  name: string,
  rest: readonly string[],
): Promise<readonly Named[]> {
  const all = within.things.map((thing) => thing.name);
  const places = namedPlaces(name, all);
  const [next, ...after] = rest;
  if (next === undefined) {
    const names = places.flatMap((place) => all[place] ?? []);
    return names.length === 0 ? [] : [{ within, names }];
  }
  const found: Named[] = [];
  for (const place of places) {
    const thing = within.things[place];
    if (thing?.kind !== 'folder') continue;
    const inside = await whole(list, [...within.path, thing.name]);
    found.push(...(await below(list, inside, next, after)));
  }
  return found;
}

async function whole(list: ListFolder, path: readonly string[]): Promise<Listing> {
  const things: OfferedThing[] = [];
  for (;;) {
    const page = await list(path, things.length, PAGE);
    things.push(...page.things);
    if (page.things.length === 0 || things.length >= page.total) return { things, path };
  }
}
