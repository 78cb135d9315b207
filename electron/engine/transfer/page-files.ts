import type { PageEntry } from '../../../shared/contract.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { Problem } from '../../../shared/model/transfer.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import { numberedName, planPath } from '../../../shared/protocol/wire-path.ts';
import type { PageReader } from './page-reader.ts';
import type { PageSource } from './page-source.ts';
import { listedPath } from './sent-rows.ts';
import type { Reading, Source, SourceFile } from './source.ts';

export interface PageFiles {
  readonly source: Source;
  /** What no receiver would take. */
  readonly leftOut: readonly Problem[];
}

/**
 * A page's files as a source for the stream. Throws PAGE_CLOSED, TOO_MANY_FILES, NOTHING_TO_SEND. Closing
 * it gives back the reading, not the page: the same drop can be sent again. `wanted`: only what is
 * offered under these paths, as it is listed.
 */
export async function pageFiles(
  page: PageSource,
  wanted?: ReadonlySet<string>,
): Promise<PageFiles> {
  const listed = await page.entries();
  const leftOut: Problem[] = [];
  const entries: Entry[] = [];
  const pageIndexes: number[] = [];
  const topFiles = new Set<string>();
  listed.forEach((entry, index) => {
    const path = freePath(entry, topFiles);
    if (wanted && !wanted.has(listedPath({ ...entry, path }))) return;
    if (!planPath(path, 'linux').ok) {
      leftOut.push({ path: path.join('/'), code: 'NAME_REFUSED' });
      return;
    }
    entries.push(toEntry(entry, path));
    pageIndexes.push(index);
  });
  if (entries.length === 0) throw new DroplineError('NOTHING_TO_SEND');
  const beside = (): Reading => openReading(page, pageIndexes);
  return { source: { entries, ...beside(), beside }, leftOut };
}

/** One file at a time: the page is asked ahead for what comes after it. */
function openReading(page: PageSource, pageIndexes: readonly number[]): Reading {
  let reader: PageReader | null = null;
  return {
    open: (index) => {
      reader ??= page.openReader();
      return openFile(reader, pageIndexes[index] ?? -1);
    },
    close: () => {
      reader?.close();
      reader = null;
    },
  };
}

/** Two picked files of one name, from two folders: the second is numbered. */
function freePath(entry: PageEntry, topFiles: Set<string>): readonly string[] {
  const [name] = entry.path;
  if (name === undefined || entry.path.length > 1 || entry.kind !== 'file') return entry.path;
  let free = name;
  for (let n = 2; topFiles.has(free); n++) free = numberedName(name, n, 'file');
  topFiles.add(free);
  return [free];
}

function toEntry(entry: PageEntry, path: readonly string[]): Entry {
  const known = entry.modifiedMs !== null && entry.modifiedMs >= 0;
  const modifiedUs = known ? Math.floor((entry.modifiedMs ?? 0) * 1000) : undefined;
  if (entry.kind === 'directory') return { kind: 'directory', path: [...path], modifiedUs };
  return { kind: 'file', path: [...path], bytes: entry.bytes, modifiedUs };
}

/** The page itself notices a file that changed: its browser refuses to read it then. */
function openFile(reader: PageReader, index: number): SourceFile {
  return {
    read: (target, offset) => reader.read(index, offset, target),
    check: () => '',
    stamp: '',
    close: () => undefined,
  };
}
