import type { Choice } from '../../shared/model/choice.ts';
import { EVERYTHING, MAX_CHOICE_RULES } from '../../shared/model/choice.ts';
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

/**
 * null: nothing is named, or more than can be said. A name alone is looked for at the top, and then in the
 * folder whose list a person is shown; a path leads from the top down.
 */
export async function chosenOnly(
  patterns: readonly string[],
  list: ListFolder,
): Promise<Choice | null> {
  const top = await whole(list, []);
  const shown = await shownFirst(list, top);
  const wanted = new Map<string, readonly string[]>();
  for (const pattern of patterns) {
    const [name = '', ...rest] = pattern.split('/').filter((part) => part !== '');
    let found = await below(list, top, name, rest);
    if (found.length === 0 && shown !== top) found = await below(list, shown, name, rest);
    for (const path of found) wanted.set(path.join('/'), path);
  }
  if (wanted.size === 0 || wanted.size >= MAX_CHOICE_RULES) return null;
  if (top.things.every(({ name }) => wanted.has(name))) return EVERYTHING;
  const rules = [...wanted.values()].map((path) => ({ path, wanted: true }));
  return [{ path: [], wanted: false }, ...rules];
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
  { things, path }: Listing,
  name: string,
  rest: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const named = namedPlaces(
    name,
    things.map((thing) => thing.name),
  );
  const found: (readonly string[])[] = [];
  for (const place of named) {
    const thing = things[place];
    if (!thing) continue;
    const at = [...path, thing.name];
    const [next, ...after] = rest;
    if (next === undefined) found.push(at);
    else if (thing.kind === 'folder') {
      found.push(...(await below(list, await whole(list, at), next, after)));
    }
    if (found.length >= MAX_CHOICE_RULES) break;
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
