import fc from 'fast-check';
import { expect } from 'vitest';
import type { ExistingChoice } from '../../shared/model/plan.ts';
import { EXISTING_CHOICES } from '../../shared/model/plan.ts';
import { BrittleDisk } from './brittle-disk.ts';
import type { Tree } from './meeting.ts';
import { Meeting, TOKEN, oldTime } from './meeting.ts';

/** Whatever comes where whatever is there already, and what must hold of both. */

const PATHS = ['a', 'b.txt', 'd', 'd/a', 'd/e', 'd/e/f', 'd/e/g.txt', 'd/h/i', 'k/l'];
/** Two of each size: files are told by what they hold. */
const TEXTS = ['', 'one', 'two', 'three', 'seven', null] as const;

/** Any of the paths, where a file has nothing below it. */
const tree: fc.Arbitrary<Tree> = fc
  .dictionary(fc.constantFrom(...PATHS), fc.constantFrom(...TEXTS), { minKeys: 1, maxKeys: 7 })
  .map((paths) => {
    const found = new Map<string, string | null>();
    for (const path of PATHS) {
      const text = paths[path];
      if (text === undefined) continue;
      const on = path
        .split('/')
        .slice(0, -1)
        .map((_, at, all) => all.slice(0, at + 1).join('/'));
      if (on.some((above) => typeof found.get(above) === 'string')) continue;
      found.set(path, text);
    }
    return found;
  })
  .filter((found) => found.size > 0);

export interface Case {
  readonly there: Tree;
  readonly offered: Tree;
  readonly choice: ExistingChoice;
  readonly withLinks: boolean;
}

export const cases: fc.Arbitrary<Case> = fc.record({
  there: tree,
  offered: tree,
  choice: fc.constantFrom(...EXISTING_CHOICES),
  withLinks: fc.boolean(),
});

export const isHidden = (path: string): boolean => path.startsWith('.dropline-');
const isKept = (path: string): boolean => path.startsWith('.dropline-undo-');

/**
 * Whatever happens, at any moment: what was there is there, and what has a name is whole. `leftEmpty`: a
 * placeholder was made and could not be written to.
 */
export function nothingIsLost(
  meeting: Meeting,
  { there, offered, choice }: Case,
  leftEmpty = false,
): void {
  const files = meeting.files();
  for (const [path, text] of there) {
    if (text === null) continue;
    const old = { text, seconds: oldTime(path) };
    const isItself = JSON.stringify(files.get(path)) === JSON.stringify(old);
    if (isItself) continue;
    expect(choice, `${path} is not what it was`).toBe('replace');
    const kept = [...files].filter(([at]) => isKept(at)).map(([, file]) => file);
    expect(kept, `${path} is not kept`).toContainEqual(old);
  }
  const whole = new Set([...there.values(), ...offered.values(), ...(leftEmpty ? [''] : [])]);
  for (const [path, { text }] of files) {
    const isPlaceholder = text === `dropline ${TOKEN}\n`;
    if (!isHidden(path) && !isPlaceholder) expect(whole, path).toContain(text);
  }
}

/** When all is done: everything that was offered is there once, under its name or a number beside it. */
export function allArrived(meeting: Meeting, { there, offered }: Case): void {
  const files = meeting.files();
  for (const [path, text] of offered) {
    if (text === null) continue;
    const pattern = path
      .split('/')
      .map((name) => name.replace(/^(.*?)(\.txt)?$/, '$1( \\(\\d+\\))*$2'))
      .join('/');
    const found = [...files].filter(([at]) => new RegExp(`^${pattern}$`).test(at));
    expect(
      found.map(([, file]) => file.text),
      path,
    ).toContain(text);
  }
  const names = [...files.keys()].filter((path) => isHidden(path) && !isKept(path));
  expect(names).toEqual([]);
  const old = [...there.values()].filter((text) => text !== null).length;
  const come = [...offered.values()].filter((text) => text !== null).length;
  const { replaced, identical } = meeting.delivery!.met.counts;
  expect(files.size).toBe(old + come - identical);
  expect([...files.keys()].filter(isKept)).toHaveLength(replaced);
}

export async function isAllRestored(meeting: Meeting, { there }: Case): Promise<void> {
  const received = [...meeting.files()].filter(([path]) => !isKept(path)).map(([, file]) => file);
  const files = (): Map<string, unknown> => meeting.files();
  await meeting.undo().catch((error: unknown) => {
    if ((error as { code?: string }).code !== 'NOTHING_TO_UNDO') throw error;
  });
  for (const [path, text] of there) {
    if (text !== null) expect(files().get(path)).toEqual({ text, seconds: oldTime(path) });
  }
  for (const file of received) expect([...files().values()]).toContainEqual(file);
  expect([...files().keys()].filter(isKept)).toEqual([]);
}

export async function within(one: Case, run: (meeting: Meeting) => Promise<void>): Promise<void> {
  const disk = new BrittleDisk(one.withLinks);
  const meeting = new Meeting(one.there, one.offered, one.choice, disk);
  try {
    await run(meeting);
  } finally {
    meeting.remove();
  }
}

/** Goes on after a death until all is there. */
export async function toTheEnd(meeting: Meeting): Promise<void> {
  if ((await meeting.readReceipt())?.facts.some(({ record }) => record === 'done')) return;
  const delivery = (await meeting.restart()) ?? (await meeting.accept());
  await meeting.send(delivery);
  await meeting.finish(delivery);
}
