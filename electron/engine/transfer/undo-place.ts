import { join } from 'node:path';
import type { FileSystem } from './ports.ts';
import { attempt, errnoOf } from './system-errors.ts';

/**
 * Where the files that a delivery replaced are kept: a hidden folder in the destination itself, and so of
 * the same file system, whose name holds the delivery's token. It outlives the delivery. Removing what is
 * staged never meets it: what is staged begins otherwise.
 */

/** Paths of kept files, below the destination: all that anybody removes there by looks like this. */
export const UNDO_PATH = /^\.dropline-undo-[0-9a-f]{16}\/\d+(-\d+)?$/;

/** Far beyond what happens: a file is kept once, and again only after a crash in the middle of it. */
const MAX_NUMBER = 1_000;

function folderOf(token: string): string {
  return `.dropline-undo-${token}`;
}

export class UndoPlace {
  readonly path: string;
  readonly #fs: FileSystem;
  readonly #folder: string;

  constructor(fs: FileSystem, directory: string, token: string) {
    this.#fs = fs;
    this.#folder = folderOf(token);
    this.path = join(directory, this.#folder);
  }

  /** Makes it where it is missing. Throws what the disk does, and where something else has its name. */
  make(): void {
    try {
      this.#fs.mkdirSync(this.path, { mode: 0o700 });
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST' || !isRealDirectory(this.#fs, this.path)) throw error;
    }
  }

  /** A path for the file that entry `index` replaces, below the destination; nothing is there yet. */
  freeFor(index: number): string {
    for (let n = 1; n <= MAX_NUMBER; n++) {
      const name = n === 1 ? String(index) : `${index}-${n}`;
      const path = join(this.path, name);
      if (!this.#fs.lstatSync(path, { throwIfNoEntry: false })) return `${this.#folder}/${name}`;
    }
    throw Object.assign(new Error('no free name'), { code: 'EEXIST' });
  }
}

/** Removes the folders of these kept files, as far as they are empty. */
export function removeEmptyPlaces(fs: FileSystem, directory: string, kept: Iterable<string>): void {
  const folders = new Set([...kept].map((path) => path.split('/')[0] ?? ''));
  for (const folder of folders) {
    attempt(() => {
      fs.rmdirSync(join(directory, folder));
    });
  }
}

export function isRealDirectory(fs: FileSystem, path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
