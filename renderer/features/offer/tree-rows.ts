import { keyOf } from '../../../shared/model/choice.ts';
import type { OfferedPage, OfferedThing } from '../../../shared/model/offered.ts';

/** What is known of an offer's folders, and which of them are open: the rows that follow from it. */

export const PAGE = 200;

export interface Branch {
  readonly path: readonly string[];
  /** Things in the folder itself. */
  readonly total: number;
  /** Those that have come, by page. */
  readonly pages: ReadonlyMap<number, readonly OfferedThing[]>;
  /** The keys of those that are open, by their place in the folder. */
  readonly open: ReadonlyMap<number, string>;
}

/** By `keyOf` of their paths. What was closed is still there, as it was. */
export type Branches = ReadonlyMap<string, Branch>;

export const TOP = keyOf([]);
export const NO_BRANCHES: Branches = new Map();

export interface TreeRow {
  readonly branch: Branch;
  readonly level: number;
  /** In its folder, from 0. */
  readonly place: number;
  /** undefined: it is on its way. */
  readonly thing: OfferedThing | undefined;
  readonly isOpen: boolean;
  /** The row of its folder; null: it is at the top. */
  readonly parent: number | null;
}

export function rowCount(branches: Branches, key = TOP): number {
  const branch = branches.get(key);
  if (!branch) return 0;
  let count = branch.total;
  for (const inside of branch.open.values()) count += rowCount(branches, inside);
  return count;
}

/** null: there is no such row. */
export function rowAt(branches: Branches, row: number): TreeRow | null {
  let branch = branches.get(TOP);
  let parent: number | null = null;
  /** Rows before the first of the branch. */
  let before = 0;
  for (let level = 1; branch; level++) {
    const found = inBranch(branches, branch, row - before);
    if (found === null) return null;
    const { place, inside, offset } = found;
    if (inside === null) {
      const thing = branch.pages.get(Math.floor(place / PAGE))?.[place % PAGE];
      return { branch, level, place, thing, isOpen: branch.open.has(place), parent };
    }
    parent = before + offset;
    before = parent + 1;
    branch = branches.get(inside);
  }
  return null;
}

/**
 * `row`: from the branch's first. `inside` null: it is the row of the thing at that place; otherwise it is
 * in the open folder there, whose own row is `offset`.
 */
function inBranch(branches: Branches, { total, open }: Branch, row: number) {
  let extra = 0;
  const places = [...open.keys()].sort((a, b) => a - b);
  for (const place of places) {
    const offset = place + extra;
    if (row <= offset) break;
    const key = open.get(place) ?? '';
    const count = rowCount(branches, key);
    if (row <= offset + count) return { place, inside: key, offset };
    extra += count;
  }
  const place = row - extra;
  return place < 0 || place >= total ? null : { place, inside: null, offset: row };
}

export function withPage(
  branches: Branches,
  path: readonly string[],
  page: number,
  { things, total }: OfferedPage,
): Branches {
  const key = keyOf(path);
  const known = branches.get(key);
  const pages = new Map([...(known?.pages ?? []), [page, things]]);
  const open = known?.open ?? new Map<number, string>();
  return new Map([...branches, [key, { path, total, pages, open }]]);
}

/** Opens the folder in that row, or closes it. */
export function turned(branches: Branches, { branch, place, thing, isOpen }: TreeRow): Branches {
  if (thing?.kind !== 'folder') return branches;
  const path = [...branch.path, thing.name];
  const key = keyOf(path);
  const open = new Map(branch.open);
  if (isOpen) open.delete(place);
  else open.set(place, key);
  const next = new Map([...branches, [keyOf(branch.path), { ...branch, open }]]);
  if (!next.has(key)) {
    next.set(key, { path, total: thing.children, pages: new Map(), open: new Map() });
  }
  return next;
}

export interface WantedPage {
  readonly path: readonly string[];
  readonly page: number;
}

/** Of the rows that are looked at: what has not come yet. */
export function missingPages(branches: Branches, first: number, end: number): WantedPage[] {
  const missing = new Map<string, WantedPage>();
  for (let row = first; row < end; row++) {
    const found = rowAt(branches, row);
    if (!found || found.thing !== undefined) continue;
    const { path } = found.branch;
    const page = Math.floor(found.place / PAGE);
    missing.set(`${keyOf(path)} ${page}`, { path, page });
  }
  return [...missing.values()];
}
