import { z } from 'zod';

/** What a person wants of what is offered, as far as it is not all of it. */

export interface ChoiceRule {
  /** As its sender calls it, from the top of the offer down. */
  readonly path: readonly string[];
  /** It, and what is in it. */
  readonly wanted: boolean;
}

/** Of the rules on the way to a thing the last one counts; where there is none the thing is wanted. */
export type Choice = readonly ChoiceRule[];

export const EVERYTHING: Choice = [];

/** More than a person says one by one. */
export const MAX_CHOICE_RULES = 10_000;
const MAX_PATH_DEPTH = 64;
const MAX_NAME_UNITS = 1024;

/** Of a thing that is offered, by the sender's names; none: the top. */
export const offeredPathSchema: z.ZodType<readonly string[]> = z
  .array(z.string().min(1).max(MAX_NAME_UNITS))
  .max(MAX_PATH_DEPTH);

export const choiceSchema: z.ZodType<Choice> = z
  .array(z.object({ path: offeredPathSchema, wanted: z.boolean() }))
  .max(MAX_CHOICE_RULES);

/** What a folder holds, or what of it is wanted. A file holds itself. */
export interface Held {
  readonly files: number;
  readonly bytes: number;
  /** Folders with nothing in them: nothing else stands for these. */
  readonly emptyFolders: number;
}

export const NOTHING_HELD: Held = { files: 0, bytes: 0, emptyFolders: 0 };

export function isNothing({ files, emptyFolders }: Held): boolean {
  return files + emptyFolders === 0;
}

/** A rule, and what it is about. */
export interface CountedRule extends ChoiceRule {
  readonly held: Held;
}

/** By path, as `keyOf` writes it. Each rule says something else than the one above it. */
export type CountedChoice = ReadonlyMap<string, CountedRule>;

/** No name holds the separator, so what is in a folder begins with the folder's key. */
export function keyOf(path: readonly string[]): string {
  return path.map((name) => `${name}/`).join('');
}

/** Whether the thing itself is wanted, and all in it that no rule is about. */
export function isWanted(choice: CountedChoice, path: readonly string[]): boolean {
  for (let depth = path.length; depth > 0; depth--) {
    const rule = choice.get(keyOf(path.slice(0, depth)));
    if (rule) return rule.wanted;
  }
  return true;
}

/** What is wanted of a thing that holds so much. */
export function wantedOf(choice: CountedChoice, path: readonly string[], held: Held): Held {
  const key = keyOf(path);
  let { files, bytes, emptyFolders } = isWanted(choice, path) ? held : NOTHING_HELD;
  for (const [at, { wanted, held: of }] of choice) {
    if (at === key || !at.startsWith(key)) continue;
    const sign = wanted ? 1 : -1;
    files += sign * of.files;
    bytes += sign * of.bytes;
    emptyFolders += sign * of.emptyFolders;
  }
  return { files, bytes, emptyFolders };
}

/** The same choice, but for this thing and all in it. */
export function withRule(choice: CountedChoice, rule: CountedRule): CountedChoice {
  const key = keyOf(rule.path);
  const next = new Map([...choice].filter(([at]) => !at.startsWith(key)));
  if (isWanted(next, rule.path) !== rule.wanted) next.set(key, rule);
  return next;
}

/** As it is told. */
export function rulesOf(choice: CountedChoice): Choice {
  return [...choice.values()].map(({ path, wanted }) => ({ path, wanted }));
}
