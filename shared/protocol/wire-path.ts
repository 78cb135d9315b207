import { MAX_ENTRIES, MAX_PATH_BYTES, MAX_PATH_DEPTH } from './limits.ts';
import type { NamePlatform, NameProblem } from './name-rules.ts';
import { collisionKey, mappedName, nameProblem, numberable, utf8Bytes } from './name-rules.ts';
import type { Listing } from './listing.ts';
import { listingOf } from './listing.ts';
import type { Paths } from './path-list.ts';
import { PathList } from './path-list.ts';
import { atOnce } from './steps.ts';

export type { NamePlatform } from './name-rules.ts';
export { collisionKey, numberedName } from './name-rules.ts';

/**
 * Which paths may cross, and where they land (PROTOCOL.md §7). A receiver plans every name itself, from
 * nothing but the entries of the offer; what is refused here refuses the whole offer.
 */

export type PathProblem =
  | NameProblem
  | 'EMPTY_PATH'
  | 'TOO_DEEP'
  | 'PATH_TOO_LONG'
  | 'TOO_MANY'
  | 'DUPLICATE'
  | 'FILE_AND_DIRECTORY';

export type PathPlan =
  | { readonly ok: true; readonly saved: readonly string[] }
  | { readonly ok: false; readonly reason: PathProblem };

export interface NamedEntry {
  readonly path: readonly string[];
  readonly kind: 'file' | 'directory';
}

export type NamesPlan =
  | {
      readonly ok: true;
      /** By entry, in the order of the offer. */
      readonly saved: Paths;
      /** Names that are saved differently, each counted once however many entries lie below it. */
      readonly renamed: number;
    }
  | { readonly ok: false; readonly index: number; readonly reason: PathProblem };

/** One path by itself. A path that was planned before comes out as it is. */
export function planPath(parts: readonly string[], platform: NamePlatform): PathPlan {
  const reason = limitProblem(parts) ?? firstProblem(parts);
  if (reason !== null) return { ok: false, reason };
  return { ok: true, saved: parts.map((name) => mappedName(name, platform)) };
}

function limitProblem(parts: readonly string[]): PathProblem | null {
  if (parts.length === 0) return 'EMPTY_PATH';
  if (parts.length > MAX_PATH_DEPTH) return 'TOO_DEEP';
  // a unit is three bytes at most
  const units = parts.reduce((n, name) => n + name.length, parts.length);
  if (units * 3 <= MAX_PATH_BYTES) return null;
  const bytes = parts.reduce((n, name) => n + utf8Bytes(name), parts.length - 1);
  return bytes > MAX_PATH_BYTES ? 'PATH_TOO_LONG' : null;
}

function firstProblem(parts: readonly string[]): NameProblem | null {
  for (const name of parts) {
    const problem = nameProblem(name);
    if (problem !== null) return problem;
  }
  return null;
}

/** Directories that only lie on a path are implied. */
interface Folder {
  readonly saved: readonly string[];
  /** It is an entry itself. */
  listed: boolean;
  /** By the key of what it is saved as: those that are saved under a name with the same key as their own. */
  readonly plain: Map<string, Place>;
  /** null: all are. */
  others: Others | null;
}

/** A file is nothing but a name that is taken: there may be a hundred thousand. */
type Place = Folder | 'file';

interface Others {
  /** By their names in the offer. */
  readonly places: Map<string, Place>;
  readonly takenKeys: Set<string>;
  /** By a key that all names share which are numbered alike: the next number to try. */
  readonly nextNumbers: Map<string, number>;
}

/**
 * A whole offer. Entries that would be one file here are told apart by a number, the first of them keeping
 * its name; what lies below a renamed directory follows it.
 */
export function planNames(entries: Listing<NamedEntry>, platform: NamePlatform): NamesPlan {
  return atOnce(nameSteps(entries, platform));
}

/** The same; yields after each entry. */
export function* nameSteps(
  entries: Listing<NamedEntry>,
  platform: NamePlatform,
): Generator<void, NamesPlan> {
  if (entries.length > MAX_ENTRIES) return { ok: false, index: MAX_ENTRIES, reason: 'TOO_MANY' };
  const plan = new NamePlan(platform);
  /** null: so far all are saved as they are called. */
  let renamed: PathList | null = null;
  for (const [index, entry] of entries.entries()) {
    const planned = plan.add(entry);
    if (typeof planned === 'string') return { ok: false, index, reason: planned };
    if (renamed === null && plan.renamed > 0) renamed = yield* firstPaths(entries, index);
    renamed?.add(planned);
    yield;
  }
  const saved = renamed ?? listingOf(entries.length, (index) => entries.at(index)?.path ?? []);
  return { ok: true, saved, renamed: plan.renamed };
}

function* firstPaths(entries: Listing<NamedEntry>, count: number): Generator<void, PathList> {
  const paths = new PathList();
  for (let index = 0; index < count; index++) {
    paths.add(entries.at(index)?.path ?? []);
    yield;
  }
  return paths;
}

/** Lives for the planning of one offer. */
class NamePlan {
  renamed = 0;
  /** Implied directories too: a short list of deep paths may not make millions of names. */
  #planned = 0;
  readonly #platform: NamePlatform;
  readonly #root = newFolder([]);

  constructor(platform: NamePlatform) {
    this.#platform = platform;
  }

  /** Where it is saved. */
  add({ path, kind }: NamedEntry): readonly string[] | PathProblem {
    const problem = limitProblem(path);
    if (problem !== null) return problem;
    let folder = this.#root;
    for (const name of path.slice(0, -1)) {
      const inside = this.#folderIn(folder, name);
      if (typeof inside === 'string') return inside;
      folder = inside;
    }
    const name = path.at(-1) ?? '';
    if (kind === 'file') return this.#addFile(folder, name);
    const own = this.#folderIn(folder, name);
    if (typeof own === 'string') return own;
    if (own.listed) return 'DUPLICATE';
    own.listed = true;
    return own.saved;
  }

  #addFile(folder: Folder, name: string): readonly string[] | PathProblem {
    const before = this.#placeIn(folder, name);
    if (before !== undefined) return before === 'file' ? 'DUPLICATE' : 'FILE_AND_DIRECTORY';
    const own = this.#nameFor(folder, name, 'file');
    if (!own.ok) return own.reason;
    this.#put(folder, name, own.saved, 'file');
    return [...folder.saved, own.saved];
  }

  /** As it was planned before, or planned now. */
  #folderIn(folder: Folder, name: string): Folder | PathProblem {
    const before = this.#placeIn(folder, name);
    if (before !== undefined) return before === 'file' ? 'FILE_AND_DIRECTORY' : before;
    const own = this.#nameFor(folder, name, 'directory');
    if (!own.ok) return own.reason;
    // a copy by spreading keeps room for more: 240 bytes instead of 94, for each of a hundred thousand
    const inside = newFolder(folder.saved.concat(own.saved));
    this.#put(folder, name, own.saved, inside);
    return inside;
  }

  #nameFor(folder: Folder, name: string, kind: 'file' | 'directory'): NamePlanned {
    if (this.#planned >= MAX_ENTRIES) return { ok: false, reason: 'TOO_MANY' };
    this.#planned += 1;
    const reason = nameProblem(name);
    if (reason !== null) return { ok: false, reason };
    const saved = this.#freeName(folder, mappedName(name, this.#platform), kind);
    if (saved !== name) this.renamed += 1;
    return { ok: true, saved };
  }

  #placeIn({ plain, others }: Folder, name: string): Place | undefined {
    return others?.places.get(name) ?? plain.get(name);
  }

  #put(folder: Folder, name: string, saved: string, place: Place): void {
    const key = this.#keyOf(saved);
    if (key === name) {
      folder.plain.set(name, place);
      return;
    }
    const others = othersOf(folder);
    others.places.set(name, place);
    others.takenKeys.add(key);
  }

  #freeName(folder: Folder, mapped: string, kind: 'file' | 'directory'): string {
    if (!this.#isTaken(folder, mapped)) return mapped;
    const { stem, extension } = numberable(mapped, kind);
    // Not by the name: long ones that are cut alike must not each try every number again
    const series = this.#keyOf(`${stem} (*)${extension}`);
    const { nextNumbers } = othersOf(folder);
    for (let n = nextNumbers.get(series) ?? 2; ; n++) {
      const free = `${stem} (${String(n)})${extension}`;
      if (this.#isTaken(folder, free)) continue;
      nextNumbers.set(series, n + 1);
      return free;
    }
  }

  #isTaken({ plain, others }: Folder, name: string): boolean {
    const key = this.#keyOf(name);
    return plain.has(key) || others?.takenKeys.has(key) === true;
  }

  #keyOf(name: string): string {
    return collisionKey(name, this.#platform);
  }
}

type NamePlanned =
  | { readonly ok: true; readonly saved: string }
  | { readonly ok: false; readonly reason: PathProblem };

function newFolder(saved: readonly string[]): Folder {
  return { saved, listed: false, plain: new Map(), others: null };
}

function othersOf(folder: Folder): Others {
  folder.others ??= { places: new Map(), takenKeys: new Set(), nextNumbers: new Map() };
  return folder.others;
}
