import { basename, join } from 'node:path';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { FileState, ListedFile } from '../../../shared/model/file-list.ts';
import type { Fact, JournalContent, ListedEntry } from './journal-records.ts';
import { filledFolders, indexesOf } from './refused-entries.ts';
import { UnwantedEntries } from './unwanted-entries.ts';

/** What a journal knows of one file. */
interface Known {
  readonly state: 'came' | 'replaced' | 'skipped';
  /** Where it was put, once that is known. */
  readonly path: string | null;
}

/**
 * The files of a delivery that were chosen, and what its journal tells of each. After them come the folders
 * that failed, in which there would have been nothing. Made one by one: there may be many.
 */
export function* receivedFiles({ header, list, facts }: JournalContent): Generator<ListedFile> {
  const known = new Map<number, Known>();
  const isDone = facts.some(({ record }) => record === 'done');
  const tops = new Map<string, string>();
  for (const fact of facts) if (fact.record === 'publishedFolder') tops.set(fact.name, fact.path);
  const reasons = new Map(header.skip.map(({ index, code }) => [index, code]));
  for (const fact of facts) note(known, reasons, fact);
  const unwanted = UnwantedEntries.of(header.unwanted, list?.length ?? 0);
  let at = 0;
  for (const [index, entry] of (list ?? []).entries()) {
    if (entry.bytes === null || unwanted.has(index)) continue;
    const about = { known: known.get(index), reason: reasons.get(index), isDone };
    const savedAs = pathOf(entry, about, tops);
    yield { at: at++, ...listed({ ...entry, bytes: entry.bytes }, about), savedAs };
  }
  for (const failed of failedFolders(list ?? [], reasons)) yield { at: at++, ...failed };
}

/** A slash at the end of its path, which no name has, tells a folder. */
function* failedFolders(
  list: readonly ListedEntry[],
  reasons: ReadonlyMap<number, ErrorCode>,
): Generator<Omit<ListedFile, 'at'>> {
  const failed = [...reasons].sort(([one], [other]) => one - other);
  const filled = filledFolders(failed.map(([index]) => list[index]?.saved ?? []));
  for (const [index, code] of failed) {
    const entry = list[index];
    const path = entry?.saved.join('/') ?? '';
    if (entry?.bytes !== null || filled.has(path)) continue;
    yield { path: `${path}/`, bytes: 0, state: 'failed', renamedTo: null, savedAs: null, code };
  }
}

function note(known: Map<number, Known>, reasons: Map<number, ErrorCode>, fact: Fact): void {
  switch (fact.record) {
    case 'whole':
      if (!known.has(fact.index)) known.set(fact.index, { state: 'came', path: null });
      break;
    case 'dropped':
      known.delete(fact.index);
      break;
    case 'refused':
      for (const index of indexesOf(fact.ranges)) {
        known.delete(index);
        reasons.set(index, fact.code);
      }
      break;
    case 'replacing':
      known.set(fact.index, { state: 'replaced', path: fact.path });
      break;
    case 'published': {
      const state = known.get(fact.index)?.state ?? 'came';
      known.set(fact.index, { state, path: fact.path });
      break;
    }
    case 'identical':
      known.set(fact.index, { state: 'skipped', path: fact.path });
      break;
    case 'publishing':
    case 'replacedBefore':
    case 'madeFolder':
    case 'publishingFolder':
    case 'publishedFolder':
    case 'called':
    case 'done':
    case 'discarded':
    case 'undone':
      break;
  }
}

interface About {
  readonly known: Known | undefined;
  readonly reason: ErrorCode | undefined;
  readonly isDone: boolean;
}

/** What is in a folder of its own comes with that. */
function pathOf(
  { saved }: ListedEntry,
  { known }: About,
  tops: ReadonlyMap<string, string>,
): string | null {
  if (known === undefined) return null;
  const [top = '', ...inside] = saved;
  const folder = tops.get(top);
  return known.path ?? (folder === undefined ? null : join(folder, ...inside));
}

function listed(
  { bytes, saved }: ListedEntry & { readonly bytes: number },
  { known, reason, isDone }: About,
): Omit<ListedFile, 'at' | 'savedAs'> {
  const nameNow = known?.path ? basename(known.path) : null;
  const renamedTo = nameNow === saved.at(-1) ? null : nameNow;
  const path = saved.join('/');
  const isLost = known === undefined && (isDone || reason !== undefined);
  const state: FileState = known === undefined ? (isLost ? 'failed' : 'waiting') : stateOf(known);
  const isRenamed = state === 'saved' && renamedTo !== null;
  const code = isLost ? (reason ?? null) : null;
  return { path, bytes, state: isRenamed ? 'renamed' : state, renamedTo, code };
}

function stateOf({ state }: Known): FileState {
  return state === 'came' ? 'saved' : state;
}
