import { join } from 'node:path';
import type { FileState, ListedFile } from '../../../shared/model/file-list.ts';
import type { Entries, Entry } from '../../../shared/protocol/messages.ts';
import type { FileRows } from './file-rows.ts';
import type { SentStates } from './sent-states.ts';
import type { Source } from './source.ts';

/** As it is listed: of a folder with a slash at its end, which no name has. */
export function listedPath(entry: Entry | undefined): string {
  const path = entry?.path.join('/') ?? '';
  return entry?.kind === 'directory' ? `${path}/` : path;
}

/** Where a file or folder of a send lies; null: in a page, which tells nobody. */
export function ownPath(roots: ReadonlyMap<string, string>, listed: string): string | null {
  const path = listed.replace(/\/$/, '');
  const end = path.indexOf('/');
  const root = roots.get(end < 0 ? path : path.slice(0, end));
  if (root === undefined) return null;
  return end < 0 ? root : join(root, path.slice(end + 1));
}

/** Which entries are files. */
export function fileIndexes(entries: Entries): Uint32Array {
  const indexes = new Uint32Array(entries.length);
  let count = 0;
  for (const [index, { kind }] of entries.entries()) {
    if (kind === 'file') indexes[count++] = index;
  }
  return indexes.slice(0, count);
}

function failedFolders(entries: Entries, states: SentStates): number[] {
  const indexes: number[] = [];
  for (let index = 0; index < entries.length; index++) {
    const isFailed = states.state(index) === 'failed';
    if (isFailed && entries.at(index)?.kind === 'directory') indexes.push(index);
  }
  return indexes;
}

/**
 * The files of a send while it goes: what it sends from, and how far each is. After them come the folders
 * that failed, in which there would have been nothing.
 */
export class LiveRows implements FileRows {
  readonly #source: Source;
  readonly #states: SentStates;
  readonly #roots: ReadonlyMap<string, string>;
  /** Which entry each of them is. */
  readonly indexes: Uint32Array;

  constructor(source: Source, states: SentStates) {
    this.#source = source;
    this.#states = states;
    this.#roots = source.roots ?? new Map();
    const files = fileIndexes(source.entries);
    const folders = failedFolders(source.entries, states);
    this.indexes = new Uint32Array(files.length + folders.length);
    this.indexes.set(files);
    this.indexes.set(folders, files.length);
  }

  get count(): number {
    return this.indexes.length;
  }

  state(at: number): FileState {
    return this.#states.state(this.indexes[at] ?? -1);
  }

  paths(places: readonly number[]): readonly string[] {
    return places.map((at) => this.#pathOf(this.indexes[at] ?? -1));
  }

  read(places: readonly number[]): readonly ListedFile[] {
    return places.map((at) => {
      const index = this.indexes[at] ?? -1;
      const entry = this.#source.entries.at(index);
      const path = this.#pathOf(index);
      const bytes = entry?.kind === 'file' ? entry.bytes : 0;
      const state = this.#states.state(index);
      const code = this.#states.code(index);
      return { at, path, bytes, state, code, renamedTo: null, savedAs: ownPath(this.#roots, path) };
    });
  }

  #pathOf(index: number): string {
    return listedPath(this.#source.entries.at(index));
  }
}
