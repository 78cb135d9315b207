import type { Totals } from '../model/transfer.ts';
import { MANIFEST_PAGE_BYTES, MAX_ENTRIES, MAX_FILE_BYTES } from './limits.ts';
import type { Entry } from './messages.ts';

/** An offer's list of files and directories: counting, paging, and what makes it acceptable (§5.3). */

export function totalsOf(entries: readonly Entry[]): Totals {
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
export function* pagesOf(entries: readonly Entry[]): Generator<readonly Entry[]> {
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

/** What a page costs to keep, in UTF-16 units of path: the whole may not pass MAX_MANIFEST_BYTES. */
export function pathUnits(entries: readonly Entry[]): number {
  return entries.reduce((n, e) => n + e.path.reduce((m, part) => m + part.length + 1, 0), 0);
}
