import { join } from 'node:path';
import type { FileState, ListedFile } from '../../../shared/model/file-list.ts';
import type { FileRows } from './file-rows.ts';
import type { SentStates } from './sent-states.ts';
import type { Source } from './source.ts';

/** Where a file of a send lies; null: in a page, which tells nobody. */
export function ownPath(roots: ReadonlyMap<string, string>, path: string): string | null {
  const end = path.indexOf('/');
  const root = roots.get(end < 0 ? path : path.slice(0, end));
  if (root === undefined) return null;
  return end < 0 ? root : join(root, path.slice(end + 1));
}

/** The files of a send while it goes: what it sends from, and how far each is. */
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
    const indexes = new Uint32Array(source.entries.length);
    let count = 0;
    source.entries.forEach(({ kind }, index) => {
      if (kind === 'file') indexes[count++] = index;
    });
    this.indexes = indexes.slice(0, count);
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
      const entry = this.#source.entries[index];
      const path = this.#pathOf(index);
      const bytes = entry?.kind === 'file' ? entry.bytes : 0;
      const state = this.#states.state(index);
      const code = this.#states.code(index);
      return { at, path, bytes, state, code, renamedTo: null, savedAs: ownPath(this.#roots, path) };
    });
  }

  #pathOf(index: number): string {
    return this.#source.entries[index]?.path.join('/') ?? '';
  }
}
