import { randomBytes } from 'node:crypto';
import { join, sep } from 'node:path';
import type { Listing } from '../../../shared/protocol/listing.ts';
import { listingOf } from '../../../shared/protocol/listing.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import type { FileSystem } from './ports.ts';
import { DISK_STEPS_PER_TURN, inTurns } from './turns.ts';

/**
 * Where what arrives lies until it is whole: a hidden part file for each single file, and a hidden staging
 * folder for each folder, all beside the final names. Their names hold a random token of ours, which the
 * journal knows: no sender can choose a name that is another's.
 */

/** Goes into every hidden name of one transfer. */
export function newToken(): string {
  return randomBytes(8).toString('hex');
}

/** What all hidden names of one transfer begin with. `token`: 16 hex digits. */
export function stagingPrefix(token: string): string {
  return `.dropline-${token}-`;
}

/** Where a file lies that gets its name by itself. */
export function partPathOf(directory: string, token: string, index: number): string {
  return join(directory, `${stagingPrefix(token)}${index}.part`);
}

/** One entry of a delivery, as far as it concerns the disk. */
export interface StagedEntry {
  readonly kind: 'file' | 'directory';
  /** Below the destination: the receiver's own plan. */
  readonly saved: readonly string[];
  /** Nothing is made for it. */
  readonly isUnwanted?: boolean;
}

/** So many that need no folder of their own are one step. */
const ENTRIES_PER_STEP = 20;

/** What is staged is nobody else's until it has its name; below that its folders are as any new ones. */
const CLOSED = 0o700;
const OPEN = 0o777;

/** `below`: the destination. */
type Make = (path: string, mode: number, below: readonly string[]) => boolean;
/** What the disk says concerns this directory, and no other: nothing is made below it. */
type Refuses = (path: string, below: readonly string[], error: unknown) => boolean;

interface FolderTop {
  readonly name: string;
  /** Hidden until it is published. */
  path: string;
  published: boolean;
  /** Where an earlier run was about to put it: what is empty there may be its placeholder. */
  planned: string | null;
}

export class Staging {
  readonly directory: string;
  readonly #fs: FileSystem;
  readonly #token: string;
  readonly #entries: Listing<StagedEntry>;
  readonly #folders = new Map<string, FolderTop>();
  readonly #merged: ReadonlySet<string>;
  #made: string[] = [];

  /** `merged`: tops whose files go one by one into what is there already. */
  constructor(
    fs: FileSystem,
    directory: string,
    token: string,
    entries: Listing<StagedEntry>,
    merged: readonly string[] = [],
  ) {
    this.#fs = fs;
    this.directory = directory;
    this.#token = token;
    this.#entries = entries;
    this.#merged = new Set(merged);
    for (const { kind, saved, isUnwanted = false } of entries) {
      const [name = ''] = saved;
      if ((saved.length === 1 && kind === 'file') || this.#folders.has(name)) continue;
      if (this.#merged.has(name) || isUnwanted) continue;
      const path = join(directory, `${stagingPrefix(token)}folder-${this.#folders.size}.part`);
      this.#folders.set(name, { name, path, published: false, planned: null });
    }
  }

  static of(options: DeliveryOptions): Staging {
    const { fs, directory, token, entries, saved, merged, unwanted } = options;
    const staged = listingOf(entries.length, (index) => ({
      kind: entries.at(index)?.kind ?? 'file',
      saved: saved.at(index) ?? [],
      isUnwanted: unwanted.has(index),
    }));
    const tops = merged.map(({ name }) => name);
    return new Staging(fs, directory, token, staged, tops);
  }

  /** Makes every directory of the list, all of them new. */
  make(isRefused: Refuses): Promise<void> {
    return this.#makeAll((path, mode) => {
      this.#fs.mkdirSync(path, { mode });
    }, isRefused);
  }

  /** Makes those that are missing, but for what is left out; one that is no directory any more is an error. */
  remake(isLeftOut: (index: number) => boolean, isRefused: Refuses): Promise<void> {
    return this.#makeAll(
      (path, mode) => {
        if (this.#fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
        this.#fs.mkdirSync(path, { mode });
      },
      isRefused,
      isLeftOut,
    );
  }

  /** It is published on its own: a file in the destination itself, or in a folder that is merged. */
  isSingle(index: number): boolean {
    return this.#entries.at(index)?.kind === 'file' && !this.#folders.has(this.topOf(index));
  }

  /** Every directory in what is merged, each after the one that it is in; below the destination. */
  get mergedDirectories(): readonly (readonly string[])[] {
    const found = new Map<string, readonly string[]>();
    if (this.#merged.size === 0) return [];
    const find = (path: readonly string[]): void => {
      const key = path.join('/');
      if (path.length === 0 || found.has(key)) return;
      find(path.slice(0, -1));
      found.set(key, path);
    };
    for (const { kind, saved, isUnwanted = false } of this.#entries) {
      if (isUnwanted || !this.#merged.has(saved[0] ?? '')) continue;
      find(kind === 'directory' ? saved : saved.slice(0, -1));
    }
    return [...found.values()];
  }

  topOf(index: number): string {
    return this.#entries.at(index)?.saved[0] ?? '';
  }

  /** Where entry `index` is written, or lies since its folder was published. */
  pathOf(index: number): string {
    const [top = '', ...rest] = this.#entries.at(index)?.saved ?? [];
    const folder = this.#folders.get(top);
    if (folder) return rest.length === 0 ? folder.path : folder.path + sep + rest.join(sep);
    return partPathOf(this.directory, this.#token, index);
  }

  isPublished(index: number): boolean {
    return this.#folders.get(this.topOf(index))?.published === true;
  }

  /** The path the offer's entry will have, for messages to people. */
  finalNameOf(index: number): string {
    return (this.#entries.at(index)?.saved ?? []).join('/');
  }

  /** Every directory that was made, deepest first. */
  get directories(): readonly string[] {
    return [...this.#made].reverse();
  }

  /** In the order of the list. */
  get folders(): readonly Readonly<FolderTop>[] {
    return [...this.#folders.values()];
  }

  setPublished(name: string, path: string): void {
    const folder = this.#folders.get(name);
    if (folder) Object.assign(folder, { path, published: true });
  }

  setPlanned(name: string, path: string): void {
    const folder = this.#folders.get(name);
    if (folder) folder.planned = path;
  }

  async #makeAll(
    make: (path: string, mode: number) => void,
    isRefused: Refuses,
    isLeftOut: (index: number) => boolean = () => false,
  ): Promise<void> {
    this.#made = [];
    const mustMake = (path: string, mode: number, below: readonly string[]): boolean => {
      try {
        make(path, mode);
      } catch (error) {
        if (isRefused(path, below, error)) return false;
        throw error;
      }
      this.#made.push(path);
      return true;
    };
    await inTurns(this.#steps(mustMake, isLeftOut), DISK_STEPS_PER_TURN);
  }

  *#steps(make: Make, isLeftOut: (index: number) => boolean): Generator<void, void> {
    /** Whether each is there; the first is what all are in. */
    const seen = new Map([['', true]]);
    for (const [index, { kind, saved, isUnwanted = false }] of this.#entries.entries()) {
      if (index % ENTRIES_PER_STEP === 0) yield;
      if (isUnwanted) continue;
      if (isLeftOut(index)) continue;
      const directories = kind === 'directory' ? saved : saved.slice(0, -1);
      const folder = this.#folders.get(directories[0] ?? '');
      if (!folder || folder.published) continue;
      // from the deepest up: most files lie where the one before did
      let depth = directories.length;
      while (!seen.has(directories.slice(0, depth).join('/'))) depth--;
      let isThere = seen.get(directories.slice(0, depth).join('/')) === true;
      while (isThere && depth < directories.length) {
        const below = directories.slice(0, ++depth);
        const path = join(folder.path, ...below.slice(1));
        isThere = make(path, depth === 1 ? CLOSED : OPEN, below);
        seen.set(below.join('/'), isThere);
        yield;
      }
    }
  }
}

/** What cannot be looked at is not known to be gone. */
export function mayBeThere(fs: FileSystem, path: string): boolean {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
