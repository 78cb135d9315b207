import type { Entries } from '../../../shared/protocol/messages.ts';
import type { Paths } from '../../../shared/protocol/path-list.ts';

interface Folder {
  /** Its own, where it was offered, and those of the files in it. */
  readonly indexes: number[];
  readonly folders: Folder[];
}

/**
 * The entries of an offer by the folders that they are saved in. What is below one of them is found without
 * a look at all others: a sender may offer a hundred thousand folders that a disk refuses one by one.
 */
export class EntriesBelow {
  readonly #folders = new Map<string, Folder>();

  constructor(entries: Entries, saved: Paths) {
    for (const [index, { kind }] of entries.entries()) {
      const path = saved.at(index) ?? [];
      this.#folder(kind === 'directory' ? path : path.slice(0, -1)).indexes.push(index);
    }
  }

  /** Of a folder below the destination, and of all in it. */
  of(path: readonly string[]): number[] {
    const found: number[] = [];
    const open = [this.#folders.get(keyOf(path))];
    for (let folder = open.pop(); folder; folder = open.pop()) {
      for (const index of folder.indexes) found.push(index);
      for (const inside of folder.folders) open.push(inside);
    }
    return found.sort((a, b) => a - b);
  }

  #folder(path: readonly string[]): Folder {
    const key = keyOf(path);
    const known = this.#folders.get(key);
    if (known) return known;
    const folder: Folder = { indexes: [], folders: [] };
    this.#folders.set(key, folder);
    if (path.length > 0) this.#folder(path.slice(0, -1)).folders.push(folder);
    return folder;
  }
}

function keyOf(path: readonly string[]): string {
  return path.join('/');
}
