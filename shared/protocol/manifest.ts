import type { Totals } from '../model/transfer.ts';
import { EntryList } from './entry-list.ts';
import { MANIFEST_PAGE_BYTES, MAX_ENTRIES, MAX_FILE_BYTES, MAX_OFFER_ITEMS } from './limits.ts';
import type { Entries, Entry, MessageOf } from './messages.ts';

/** An offer's list of files and directories: counting, paging, and what makes it acceptable (§5.3). */

export function totalsOf(entries: Entries): Totals {
  let files = 0;
  let bytes = 0;
  for (const entry of entries) {
    if (entry.kind !== 'file') continue;
    files++;
    bytes += entry.bytes;
  }
  return { files, directories: entries.length - files, bytes };
}

/** Pages whose JSON stays below MANIFEST_PAGE_BYTES, in order. */
export function* pagesOf(entries: Entries): Generator<readonly Entry[]> {
  let page: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    // 128: the JSON round one entry; a character takes at most 6 bytes in it.
    const entryBytes = 128 + entry.path.reduce((n, part) => n + part.length * 6 + 3, 0);
    if (page.length > 0 && bytes + entryBytes > MANIFEST_PAGE_BYTES) {
      yield page;
      page = [];
      bytes = 0;
    }
    page.push(entry);
    bytes += entryBytes;
  }
  if (page.length > 0) yield page;
}

/** Whether an offer's own numbers are within the limits, before any entry has come. */
export function totalsAreLegal(totals: Totals): boolean {
  const entries = totals.files + totals.directories;
  return entries >= 1 && entries <= MAX_ENTRIES && totals.bytes <= MAX_FILE_BYTES;
}

export function sameTotals(a: Totals, b: Totals): boolean {
  return a.files === b.files && a.directories === b.directories && a.bytes === b.bytes;
}

/** The pages so far, whose entries stand in one list: the hundred-thousandth costs no more to take than the first. */
export interface Pages {
  /** Added to. What they cost to keep may not pass MAX_LIST_MEMORY_BYTES. */
  readonly entries: EntryList;
  /** In UTF-16 units of path: may not pass MAX_MANIFEST_BYTES. */
  readonly pathUnits: number;
}

export function withPage(before: Pages | null, page: readonly Entry[]): Pages {
  const entries = before?.entries ?? new EntryList();
  for (const entry of page) entries.add(entry);
  return {
    entries,
    pathUnits: page.reduce((n, entry) => n + unitsOf(entry), before?.pathUnits ?? 0),
  };
}

function unitsOf(entry: Entry): number {
  return entry.path.reduce((n, part) => n + part.length + 1, 0);
}

/**
 * Whether the prompt shows the entries and nothing else: it counts their top names, and names as many of
 * them as it may, each once and as what it is.
 */
export function itemsCover(
  { items, itemCount }: Pick<MessageOf<'offer'>, 'items' | 'itemCount'>,
  entries: Entries,
): boolean {
  const shown = new Map(items.map((item) => [item.name, item.kind]));
  const tops = new Set<string>();
  for (const { kind, path } of entries) {
    const top = path[0] ?? '';
    const shownAs = shown.get(top);
    const topKind = kind === 'file' && path.length === 1 ? 'file' : 'folder';
    if (shownAs !== undefined && shownAs !== topKind) return false;
    tops.add(top);
  }
  return (
    itemCount === tops.size &&
    items.length === Math.min(MAX_OFFER_ITEMS, itemCount) &&
    shown.size === items.length &&
    items.every(({ name }) => tops.has(name))
  );
}
