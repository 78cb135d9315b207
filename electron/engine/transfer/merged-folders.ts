import { join } from 'node:path';
import type { Journal } from './journal.ts';
import type { FileSystem } from './ports.ts';
import { isRealDirectory } from './undo-place.ts';
import { errnoOf } from './system-errors.ts';

/**
 * The folders that a delivery's files go into one by one. Those that are missing are made when a file
 * needs them; those that are there must be real directories: a link on the way leads anywhere.
 */
export class MergedFolders {
  readonly #fs: FileSystem;
  readonly #journal: Journal;
  readonly #directory: string;
  readonly #made: Set<string>;

  constructor(fs: FileSystem, journal: Journal, directory: string) {
    this.#fs = fs;
    this.#journal = journal;
    this.#directory = directory;
    this.#made = new Set();
  }

  /** An earlier connection made it. */
  takeUp(path: string): void {
    this.#made.add(path);
  }

  /** It is ours, and not one that was there before. */
  isMade(path: string): boolean {
    return this.#made.has(path);
  }

  /** Makes this one, below the destination, and all on the way. Answers its path. Throws what the disk does. */
  make(below: readonly string[]): string {
    let path = this.#directory;
    for (const name of below) {
      path = join(path, name);
      this.#makeOne(path);
    }
    return path;
  }

  #makeOne(path: string): void {
    if (isRealDirectory(this.#fs, path)) return;
    try {
      this.#fs.mkdirSync(path);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST' && isRealDirectory(this.#fs, path)) return;
      throw error;
    }
    this.#journal.append({ record: 'madeFolder', path });
    this.#made.add(path);
  }
}
