import { MAX_ENTRIES, MAX_PATH_BYTES, MAX_PATH_DEPTH } from './limits.ts';
import type { NamePlatform, NameProblem } from './name-rules.ts';
import { collisionKey, mappedName, nameProblem, numberable, utf8Bytes } from './name-rules.ts';
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
      readonly saved: readonly (readonly string[])[];
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

/** A name of the offer and where it lands. Directories that only lie on a path are implied. */
interface PlannedName {
  readonly kind: 'file' | 'directory';
  readonly saved: readonly string[];
  readonly folder: Folder | null;
  listed: boolean;
}

interface Folder {
  readonly saved: readonly string[];
  readonly names: Map<string, PlannedName>;
  readonly takenKeys: Set<string>;
  /** By a key that all names share which are numbered alike: the next number to try. */
  readonly nextNumbers: Map<string, number>;
}

/**
 * A whole offer. Entries that would be one file here are told apart by a number, the first of them keeping
 * its name; what lies below a renamed directory follows it.
 */
export function planNames(entries: readonly NamedEntry[], platform: NamePlatform): NamesPlan {
  return atOnce(nameSteps(entries, platform));
}

/** The same; yields after each entry. */
export function* nameSteps(
  entries: readonly NamedEntry[],
  platform: NamePlatform,
): Generator<void, NamesPlan> {
  if (entries.length > MAX_ENTRIES) return { ok: false, index: MAX_ENTRIES, reason: 'TOO_MANY' };
  const plan = new NamePlan(platform);
  const saved: (readonly string[])[] = [];
  for (const [index, entry] of entries.entries()) {
    const planned = plan.add(entry);
    if (typeof planned === 'string') return { ok: false, index, reason: planned };
    saved.push(planned.saved);
    yield;
  }
  return { ok: true, saved, renamed: plan.renamed };
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

  add({ path, kind }: NamedEntry): PlannedName | PathProblem {
    const problem = limitProblem(path);
    if (problem !== null) return problem;
    let folder = this.#root;
    for (const name of path.slice(0, -1)) {
      const parent = this.#nameIn(folder, name, 'directory');
      if (typeof parent === 'string') return parent;
      if (parent.folder === null) return 'FILE_AND_DIRECTORY';
      folder = parent.folder;
    }
    const planned = this.#nameIn(folder, path.at(-1) ?? '', kind);
    if (typeof planned === 'string') return planned;
    if (planned.kind !== kind) return 'FILE_AND_DIRECTORY';
    if (planned.listed) return 'DUPLICATE';
    planned.listed = true;
    return planned;
  }

  /** The name as it was planned before, or planned now. */
  #nameIn(folder: Folder, name: string, kind: 'file' | 'directory'): PlannedName | PathProblem {
    const before = folder.names.get(name);
    if (before !== undefined) return before;
    if (this.#planned >= MAX_ENTRIES) return 'TOO_MANY';
    this.#planned += 1;
    const problem = nameProblem(name);
    if (problem !== null) return problem;
    const own = this.#freeName(folder, mappedName(name, this.#platform), kind);
    if (own !== name) this.renamed += 1;
    // a copy by spreading keeps room for more: 240 bytes instead of 94, for each of a hundred thousand
    const saved = folder.saved.concat(own);
    const children = kind === 'directory' ? newFolder(saved) : null;
    const planned = { kind, saved, folder: children, listed: false };
    folder.names.set(name, planned);
    return planned;
  }

  #freeName(folder: Folder, mapped: string, kind: 'file' | 'directory'): string {
    if (this.#take(folder, mapped)) return mapped;
    const { stem, extension } = numberable(mapped, kind);
    // Not by the name: long ones that are cut alike must not each try every number again
    const series = this.#keyOf(`${stem} (*)${extension}`);
    for (let n = folder.nextNumbers.get(series) ?? 2; ; n++) {
      const free = `${stem} (${String(n)})${extension}`;
      if (!this.#take(folder, free)) continue;
      folder.nextNumbers.set(series, n + 1);
      return free;
    }
  }

  #take(folder: Folder, name: string): boolean {
    const key = this.#keyOf(name);
    if (folder.takenKeys.has(key)) return false;
    folder.takenKeys.add(key);
    return true;
  }

  #keyOf(name: string): string {
    return collisionKey(name, this.#platform);
  }
}

function newFolder(saved: readonly string[]): Folder {
  return { saved, names: new Map(), takenKeys: new Set(), nextNumbers: new Map() };
}
