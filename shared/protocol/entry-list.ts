import { grown } from './grown.ts';
import type { Listing } from './listing.ts';
import { PathList } from './path-list.ts';
import type { Entry } from './read-entry.ts';

/** What an offer lists. */
export type Entries = Listing<Entry>;

const FIRST_ROOM = 16;

/** What an entry is, beside its numbers. */
const DIRECTORY = 0;
const FILE = 1;
/** Both that it may be run and that it may not are said or left out. */
const FILE_SAID_PLAIN = 2;
const FILE_SAID_EXECUTABLE = 3;

const NO_TIME = -1;
/** Its numbers, with the room that lists grow by. */
const ENTRY_BYTES = 64;

/**
 * Entries, added one by one: a hundred thousand objects with a path each would take forty megabytes. Each is
 * made when it is asked for.
 */
export class EntryList implements Entries {
  readonly paths = new PathList();
  #kinds = new Uint8Array(FIRST_ROOM);
  #bytes = new Float64Array(FIRST_ROOM);
  #times = new Float64Array(FIRST_ROOM);
  /** Whoever reads one reads it again for each step of it. */
  #made: { readonly index: number; readonly entry: Entry } | null = null;

  static of(entries: Iterable<Entry>): EntryList {
    const list = new EntryList();
    for (const entry of entries) list.add(entry);
    return list;
  }

  get length(): number {
    return this.paths.length;
  }

  /** What it costs to keep, at most. */
  get keptBytes(): number {
    return this.paths.keptBytes + this.length * ENTRY_BYTES;
  }

  add(entry: Entry): void {
    const index = this.length;
    if (index === this.#kinds.length) {
      this.#kinds = grown(this.#kinds, index + 1);
      this.#bytes = grown(this.#bytes, index + 1);
      this.#times = grown(this.#times, index + 1);
    }
    this.#kinds[index] = kindOf(entry);
    this.#bytes[index] = entry.kind === 'file' ? entry.bytes : 0;
    this.#times[index] = entry.modifiedUs ?? NO_TIME;
    this.paths.add(entry.path);
  }

  at(index: number): Entry | undefined {
    if (this.#made?.index === index) return this.#made.entry;
    const path = this.paths.at(index);
    if (!path) return undefined;
    const entry = this.#entry(index, path);
    this.#made = { index, entry };
    return entry;
  }

  *[Symbol.iterator](): Generator<Entry> {
    for (const [index, path] of this.paths.entries()) yield this.#entry(index, path);
  }

  *entries(): Generator<[number, Entry]> {
    for (const [index, path] of this.paths.entries()) yield [index, this.#entry(index, path)];
  }

  /** Those from that index on are no more. */
  cutTo(length: number): void {
    this.paths.cutTo(length);
    this.#made = null;
  }

  /** Its fields in the order of the wire: a hash is made of them. */
  #entry(index: number, path: readonly string[]): Entry {
    const kind = this.#kinds[index];
    const us = this.#times[index] ?? NO_TIME;
    const modifiedUs = us === NO_TIME ? null : { modifiedUs: us };
    if (kind === DIRECTORY) return { kind: 'directory', path, ...modifiedUs };
    const file = { kind: 'file', path, bytes: this.#bytes[index] ?? 0, ...modifiedUs } as const;
    return kind === FILE ? file : { ...file, executable: kind === FILE_SAID_EXECUTABLE };
  }
}

function kindOf(entry: Entry): number {
  if (entry.kind === 'directory') return DIRECTORY;
  if (entry.executable === undefined) return FILE;
  return entry.executable ? FILE_SAID_EXECUTABLE : FILE_SAID_PLAIN;
}
