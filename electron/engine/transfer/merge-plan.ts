import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ExistingChoices } from '../../../shared/model/plan.ts';
import { choiceFor } from '../../../shared/model/plan.ts';
import type { Entries, Entry } from '../../../shared/protocol/messages.ts';
import { collisionKey, numberedName } from '../../../shared/protocol/wire-path.ts';
import type { Paths } from '../../../shared/protocol/path-list.ts';
import { PathList } from '../../../shared/protocol/path-list.ts';
import { lookFor } from './disk-refusals.ts';
import type { FileSystem } from './ports.ts';
import { diskError, errnoOf } from './system-errors.ts';
import { inTurns } from './turns.ts';
import type { UnwantedEntries } from './unwanted-entries.ts';

/** A top name that is taken, and whose content meets what comes instead of getting a number. */
export interface MergedTop {
  /** As it is saved. */
  readonly name: string;
  /** Files that differ take the place of those that are there; otherwise both are kept. */
  readonly replaces: boolean;
}

/** What a yes means for this folder, as it is in this moment. */
export interface MergePlan {
  /** The receiver's plan of every path; a folder whose name a file has there is numbered. */
  readonly saved: Paths;
  readonly merged: readonly MergedTop[];
  /** The file that each entry meets, by its stamp; null, or nothing: none. */
  readonly met: readonly (string | null)[];
  /** Of files as large as the ones they meet: perhaps nothing of these is sent. */
  readonly sameBytes: number;
}

export interface MergeRequest {
  readonly fs: FileSystem;
  readonly directory: string;
  readonly entries: Entries;
  readonly saved: Paths;
  readonly unwanted: UnwantedEntries;
  readonly existing: ExistingChoices;
}

const ENTRIES_PER_TURN = 500;

/** A directory that nobody may look into, or write to, is merged with nothing. */
const CLOSED: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Tells one version of a file from another, so far as it can be told without reading it. */
export function stampOf(stat: BigIntStats): string {
  return `${stat.size} ${stat.mtimeNs}`;
}

/**
 * Looks at what is there under the names of an offer, and never follows a link or leaves the file system:
 * where one is in the way, its top gets a number as if nothing had been chosen. Throws DISK_ERROR,
 * NO_PERMISSION.
 */
export async function planMerge(
  request: MergeRequest,
  isWanted: () => boolean,
): Promise<MergePlan> {
  try {
    const merge = new Merge(request);
    await merge.look(isWanted);
    return await inTurns(merge.planSteps());
  } catch (error) {
    throw diskError(error, request.directory);
  }
}

/** What a directory of the offer becomes. */
interface Place {
  readonly saved: readonly string[];
  /** It is there already, as a real directory. */
  readonly exists: boolean;
}

class Merge {
  readonly #request: MergeRequest;
  readonly #device: bigint;
  readonly #merged = new Map<string, MergedTop>();
  readonly #places = new Map<string, Place>();
  readonly #met = new Map<number, string>();
  /** Of every directory in which something had to be numbered: the names that the offer itself needs. */
  readonly #needed = new Map<string, Set<string>>();
  /** The names in every directory of the offer; null: nothing had to be numbered yet. */
  #offered: ReadonlyMap<string, readonly string[]> | null = null;

  constructor(request: MergeRequest) {
    this.#request = request;
    const { fs, directory } = request;
    this.#device = fs.statSync(directory, { bigint: true }).dev;
  }

  async look(isWanted: () => boolean): Promise<void> {
    const { entries, saved, unwanted } = this.#request;
    await inTurns(this.#topSteps());
    if (this.#merged.size === 0) return;
    for (const [index, entry] of entries.entries()) {
      if (index % ENTRIES_PER_TURN === 0) await setImmediate();
      if (!isWanted()) return;
      const path = saved.at(index) ?? [];
      if (unwanted.has(index) || !this.#merged.has(path[0] ?? '')) continue;
      try {
        this.#meet(index, entry, path);
      } catch (error) {
        if (!CLOSED.has(errnoOf(error))) throw error;
        this.#merged.delete(path[0] ?? '');
      }
    }
  }

  #meet(index: number, { kind }: Entry, path: readonly string[]): void {
    const place = this.#placeOf(kind === 'directory' ? path : path.slice(0, -1));
    if (place?.exists !== true || kind === 'directory') return;
    const stat = this.#lookAt(place.saved.concat(path.at(-1) ?? ''));
    if (stat?.isFile()) this.#met.set(index, stampOf(stat));
  }

  /** Yields after each entry. */
  *planSteps(): Generator<void, MergePlan> {
    const { entries } = this.#request;
    if (this.#merged.size === 0) {
      return { saved: this.#request.saved, merged: [], met: [], sameBytes: 0 };
    }
    const saved = new PathList();
    const met: (string | null)[] = [];
    let sameBytes = 0;
    for (const [index, path] of this.#request.saved.entries()) {
      const entry = entries.at(index);
      const isMerged = this.#merged.has(path[0] ?? '');
      const stamp = isMerged ? (this.#met.get(index) ?? null) : null;
      saved.add(isMerged ? this.#resolved(path, index) : path);
      met.push(stamp);
      if (entry?.kind === 'file' && stamp?.startsWith(`${entry.bytes} `)) sameBytes += entry.bytes;
      yield;
    }
    return { saved, merged: [...this.#merged.values()], met, sameBytes };
  }

  /** Finds every name that is taken by what can be merged with, and for which that was chosen. */
  *#topSteps(): Generator<void, void> {
    const { entries, saved, unwanted, existing } = this.#request;
    const looked = new Set<string>();
    for (const [index, entry] of entries.entries()) {
      yield;
      const [name = '', ...rest] = saved.at(index) ?? [];
      if (unwanted.has(index) || looked.has(name)) continue;
      looked.add(name);
      const choice = choiceFor(existing, name);
      if (choice === 'keepBoth') continue;
      const isFile = entry.kind === 'file' && rest.length === 0;
      const stat = this.#lookAt([name]);
      if (!stat || !(isFile ? stat.isFile() : this.#isOwnDirectory(stat))) continue;
      this.#merged.set(name, { name, replaces: choice === 'replace' });
    }
  }

  /** null: a link or another disk is on the way, so that its top is not merged. */
  #placeOf(path: readonly string[]): Place | null {
    if (path.length === 0) return { saved: path, exists: true };
    const key = path.join('/');
    const known = this.#places.get(key);
    if (known) return known;
    const parent = this.#placeOf(path.slice(0, -1));
    if (!parent) return null;
    const place = this.#lookForPlace(parent, path);
    if (place) this.#places.set(key, place);
    else this.#merged.delete(path[0] ?? '');
    return place;
  }

  #lookForPlace(parent: Place, path: readonly string[]): Place | null {
    const saved = parent.saved.concat(path.at(-1) ?? '');
    const stat = parent.exists ? this.#lookAt(saved) : null;
    if (!stat) return { saved, exists: false };
    if (this.#isOwnDirectory(stat)) {
      const { fs, directory } = this.#request;
      fs.accessSync(join(directory, ...saved), constants.W_OK | constants.X_OK);
      return { saved, exists: true };
    }
    if (stat.isDirectory() || stat.isSymbolicLink()) return null;
    return { saved: this.#freeName(parent, path), exists: false };
  }

  /** A number that neither the disk nor the offer itself has. */
  #freeName(parent: Place, path: readonly string[]): readonly string[] {
    const needed = this.#namesIn(path.slice(0, -1));
    for (let n = 2; ; n++) {
      const name = numberedName(path.at(-1) ?? '', n, 'directory');
      const saved = parent.saved.concat(name);
      if (needed.has(keyOf(name)) || this.#lookAt(saved)) continue;
      needed.add(keyOf(name));
      return saved;
    }
  }

  #namesIn(path: readonly string[]): Set<string> {
    const key = path.join('/');
    const known = this.#needed.get(key);
    if (known) return known;
    this.#offered ??= namesByFolder(this.#request.saved);
    const names = new Set(this.#offered.get(key)?.map((name) => keyOf(name)));
    this.#needed.set(key, names);
    return names;
  }

  #resolved(path: readonly string[], index: number): readonly string[] {
    const isDirectory = this.#request.entries.at(index)?.kind === 'directory';
    const within = isDirectory ? path : path.slice(0, -1);
    const place = this.#places.get(within.join('/'));
    if (!place) return path;
    return isDirectory ? place.saved : place.saved.concat(path.at(-1) ?? '');
  }

  #isOwnDirectory(stat: BigIntStats): boolean {
    return stat.isDirectory() && stat.dev === this.#device;
  }

  /** null: nothing is there. */
  #lookAt(saved: readonly string[]): BigIntStats | null {
    const { fs, directory } = this.#request;
    return lookFor(fs, join(directory, ...saved));
  }
}

/** Goes through all paths once: a sender may have something numbered in each of its directories. */
function namesByFolder(saved: Paths): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const namesIn = (folder: readonly string[]): string[] => {
    const key = folder.join('/');
    const known = found.get(key);
    if (known) return known;
    if (folder.length > 0) namesIn(folder.slice(0, -1)).push(folder.at(-1) ?? '');
    const names: string[] = [];
    found.set(key, names);
    return names;
  };
  for (const path of saved) namesIn(path.slice(0, -1)).push(path.at(-1) ?? '');
  return found;
}

/** Looser than any file system: whose rules hold on this disk nobody tells. */
function keyOf(name: string): string {
  return collisionKey(name, 'mac');
}
