import { join } from 'node:path';
import type { Entry } from '../../../shared/protocol/messages.ts';
import type { FileSystem } from './ports.ts';
import { publishFolder, reserveFolder } from './publish.ts';
import { checkRoom } from './room.ts';
import { attempt } from './system-errors.ts';

/**
 * Where what arrives lies until it is whole: a hidden part file for each single file, and for each folder
 * a hidden staging folder beside the reserved final one. All of it is made here, by us, exclusively.
 */

interface FolderTop {
  readonly name: string;
  readonly reserved: string;
  readonly staging: string;
}

export class Staging {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #prefix: string;
  readonly #saved: readonly (readonly string[])[];
  readonly #folders = new Map<string, FolderTop>();
  readonly #made: string[] = [];

  constructor(
    fs: FileSystem,
    directory: string,
    transferId: string,
    saved: readonly (readonly string[])[],
  ) {
    this.#fs = fs;
    this.#directory = directory;
    this.#prefix = `.dropline-${transferId.slice(0, 16)}`;
    this.#saved = saved;
  }

  /** Checks for room, reserves the folders' names and makes every directory of the offer. */
  prepare(entries: readonly Entry[], bytes: number): void {
    checkRoom(this.#fs, this.#directory, bytes);
    const made = new Set<string>();
    this.#saved.forEach((path, index) => {
      const isDirectory = entries[index]?.kind === 'directory';
      const directories = isDirectory ? path : path.slice(0, -1);
      if (directories.length > 0) this.#makeDirectories(directories, made);
    });
  }

  /** A single file that stands in the destination folder itself: it is published on its own. */
  isTopFile(index: number): boolean {
    return this.#saved[index]?.length === 1 && !this.#folders.has(this.topOf(index));
  }

  topOf(index: number): string {
    return this.#saved[index]?.[0] ?? '';
  }

  /** Where entry `index` is written. */
  pathOf(index: number): string {
    const [top = '', ...rest] = this.#saved[index] ?? [];
    const folder = this.#folders.get(top);
    if (folder) return join(folder.staging, ...rest);
    return join(this.#directory, `${this.#prefix}-${index}.part`);
  }

  /** The path the offer's entry will have, for messages to people. */
  finalNameOf(index: number): string {
    return (this.#saved[index] ?? []).join('/');
  }

  /** Every directory that was made, deepest first. */
  get directories(): readonly string[] {
    return [...this.#made].reverse();
  }

  /** Gives every folder its final name. Answers the paths in the order of the offer. */
  publishFolders(): string[] {
    return [...this.#folders.values()].map((folder) =>
      publishFolder(this.#fs, folder.staging, folder.reserved, this.#directory, folder.name),
    );
  }

  /** Removes what was made and not published. Only paths made here are touched. */
  discard(): void {
    for (const folder of this.#folders.values()) {
      attempt(() => {
        this.#fs.rmSync(folder.staging, { recursive: true, force: true });
      });
      // gone, or no longer empty: then it is somebody's
      attempt(() => {
        this.#fs.rmdirSync(folder.reserved);
      });
    }
  }

  #makeDirectories(path: readonly string[], made: Set<string>): void {
    for (let depth = 1; depth <= path.length; depth++) {
      const key = path.slice(0, depth).join('/');
      if (made.has(key)) continue;
      made.add(key);
      if (depth === 1) this.#makeTop(key);
      else this.#makeInside(path.slice(0, depth));
    }
  }

  #makeTop(name: string): void {
    const reserved = reserveFolder(this.#fs, this.#directory, name);
    const staging = join(this.#directory, `${this.#prefix}-folder-${this.#folders.size}.part`);
    try {
      this.#fs.mkdirSync(staging);
    } catch (error) {
      attempt(() => {
        this.#fs.rmdirSync(reserved);
      });
      throw error;
    }
    this.#folders.set(name, { name, reserved, staging });
    this.#made.push(staging);
  }

  #makeInside(path: readonly string[]): void {
    const folder = this.#folders.get(path[0] ?? '');
    if (!folder) return;
    const made = join(folder.staging, ...path.slice(1));
    this.#fs.mkdirSync(made);
    this.#made.push(made);
  }
}
