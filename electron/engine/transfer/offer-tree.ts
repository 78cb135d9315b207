import { DroplineError } from '../../../shared/errors.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { MAX_PLAN_EXAMPLES } from '../../../shared/model/plan.ts';
import type { Entries, Entry } from '../../../shared/protocol/messages.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import type { UnwantedEntries } from './unwanted-entries.ts';

/** What is offered, folder by folder under the names it is saved by: each is looked for once. */
export interface OfferFolder {
  readonly folders: Map<string, OfferFolder>;
  readonly files: Map<string, OfferFile>;
  /** In it and below. */
  fileCount: number;
}

export type OfferFile = Extract<Entry, { kind: 'file' }>;

/** Grows by one entry at a time. Files that are too big are counted and left out of it. */
export class OfferTree {
  readonly root: OfferFolder = newFolder();
  readonly #limitBytes: number | null;
  readonly #renames: { from: string; to: string }[] = [];
  readonly #tooBig: string[] = [];
  #renamed = 0;
  #tooBigCount = 0;
  #bytes = 0;

  constructor(limitBytes: number | null) {
    this.#limitBytes = limitBytes;
  }

  add(entry: Entry, saved: readonly string[]): void {
    const within = entry.kind === 'directory' ? saved : saved.slice(0, -1);
    const folders = this.#foldersOn(within, entry, saved);
    if (entry.kind === 'directory') return;
    const name = saved.at(-1) ?? '';
    if (entry.path.at(-1) !== name) this.#rename(entry.path, saved, saved.length);
    if (isTooBig(entry, this.#limitBytes)) {
      this.#tooBigCount++;
      if (this.#tooBig.length < MAX_PLAN_EXAMPLES) this.#tooBig.push(saved.join('/'));
      return;
    }
    folders.at(-1)?.files.set(name, entry);
    for (const folder of folders) folder.fileCount++;
    this.#bytes += entry.bytes;
  }

  facts(): Pick<Plan, 'files' | 'bytes' | 'renamed' | 'tooBig'> {
    const limitBytes = this.#limitBytes;
    return {
      files: this.root.fileCount,
      bytes: this.#bytes,
      renamed: { count: this.#renamed, examples: this.#renames },
      tooBig: { count: this.#tooBigCount, examples: this.#tooBig, limitBytes },
    };
  }

  /** From the root to the folder at that path, made where they are new. */
  #foldersOn(within: readonly string[], { path }: Entry, saved: readonly string[]): OfferFolder[] {
    let folder = this.root;
    const folders = [folder];
    for (const [depth, name] of within.entries()) {
      const known = folder.folders.get(name);
      const next = known ?? newFolder();
      if (!known) {
        folder.folders.set(name, next);
        if (path[depth] !== name) this.#rename(path, saved, depth + 1);
      }
      folder = next;
      folders.push(folder);
    }
    return folders;
  }

  #rename(offered: readonly string[], saved: readonly string[], depth: number): void {
    this.#renamed++;
    if (this.#renames.length >= MAX_PLAN_EXAMPLES) return;
    const [from, to] = [offered, saved].map((path) => path.slice(0, depth).join('/'));
    this.#renames.push({ from: from ?? '', to: to ?? '' });
  }
}

/** The files that a file system cannot hold; `limitBytes` as in `Room`. */
export function tooBigFor(
  entries: Entries,
  unwanted: UnwantedEntries,
  limitBytes: number | null,
): FileProblem[] {
  if (limitBytes === null) return [];
  const tooBig: FileProblem[] = [];
  for (const [index, entry] of entries.entries()) {
    if (isTooBig(entry, limitBytes) && !unwanted.has(index)) {
      tooBig.push({ index, code: 'FILE_TOO_BIG' });
    }
  }
  return tooBig;
}

/** Throws FILE_TOO_BIG where no file would be left: nothing delivered is not a delivery. */
export function checkSomeFit(
  entries: Entries,
  unwanted: UnwantedEntries,
  tooBig: readonly FileProblem[],
): void {
  const [first] = tooBig;
  if (!first) return;
  let files = 0;
  for (const [index, { kind }] of entries.entries()) {
    if (kind === 'file' && !unwanted.has(index)) files++;
  }
  if (files > tooBig.length) return;
  throw new DroplineError('FILE_TOO_BIG', { path: entries.at(first.index)?.path.join('/') ?? '' });
}

/** What there is to write where these are left out. */
export function bytesWithout(
  entries: Entries,
  unwanted: UnwantedEntries,
  skip: readonly FileProblem[],
): number {
  const skipped = new Set(skip.map(({ index }) => index));
  let bytes = 0;
  for (const [index, entry] of entries.entries()) {
    if (entry.kind !== 'file' || skipped.has(index) || unwanted.has(index)) continue;
    bytes += entry.bytes;
  }
  return bytes;
}

function isTooBig(entry: Entry, limitBytes: number | null): boolean {
  return limitBytes !== null && entry.kind === 'file' && entry.bytes > limitBytes;
}

function newFolder(): OfferFolder {
  return { folders: new Map(), files: new Map(), fileCount: 0 };
}
