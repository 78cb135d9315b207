import { constants } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { equalBytes, fromHex, toHex } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { BlockHashes } from './hash.ts';
import type { Fact } from './journal-records.ts';
import type { FileSystem } from './ports.ts';
import { NON_BLOCKING, NO_FOLLOW } from './ports.ts';
import { moveOverEmpty } from './publish.ts';
import type { Staging } from './staging.ts';
import { attempt } from './system-errors.ts';

/** What of an interrupted delivery is on the disk, as it is now. */
export interface Found {
  /** Read again to the last byte: each has the hash that the journal tells. */
  readonly whole: readonly { readonly index: number; readonly hash: Uint8Array }[];
  /** Begun, of any content. */
  readonly begun: readonly number[];
  /** What has its final name already: the first component of its path in the offer, and where it is. */
  readonly tops: ReadonlyMap<string, string>;
  /** The transfer's hash, as hex, where all of it was done; null: it was not. */
  readonly doneHash: string | null;
}

/** What the journal says last of each file and folder. */
interface Told {
  readonly whole: ReadonlyMap<number, Uint8Array>;
  readonly published: ReadonlyMap<number, { readonly path: string; readonly hash: Uint8Array }>;
  readonly publishing: ReadonlyMap<number, string>;
  readonly folders: ReadonlyMap<string, string>;
  readonly doneHash: string | null;
}

/** Entries looked at before other transfers of this thread get their turn. */
const ENTRIES_PER_TURN = 500;
const BLOCKS_PER_TURN = 16;

/**
 * Looks through the disk with the journal as a guide, and settles what a crash left half done in the
 * middle of giving something its final name. Nothing but content that was hashed again counts as whole.
 * Throws DISK_ERROR, NO_PERMISSION.
 */
export async function lookThrough(
  options: DeliveryOptions,
  staging: Staging,
  facts: readonly Fact[],
  isWanted: () => boolean,
): Promise<Found> {
  const told = lastOf(facts);
  const look = new Look(options, staging, told, isWanted);
  look.folders();
  if (told.doneHash !== null) return look.done(told.doneHash);
  await look.files();
  return look.found;
}

function lastOf(facts: readonly Fact[]): Told {
  const whole = new Map<number, Uint8Array>();
  const published = new Map<number, { path: string; hash: Uint8Array }>();
  const publishing = new Map<number, string>();
  const folders = new Map<string, string>();
  let doneHash: string | null = null;
  for (const fact of facts) {
    if (fact.record === 'whole') whole.set(fact.index, fromHex(fact.hash));
    if (fact.record === 'dropped') whole.delete(fact.index);
    if (fact.record === 'publishing') publishing.set(fact.index, fact.path);
    if (fact.record === 'published') {
      published.set(fact.index, { path: fact.path, hash: fromHex(fact.hash) });
    }
    if (fact.record === 'publishingFolder' || fact.record === 'publishedFolder') {
      folders.set(fact.name, fact.path);
    }
    if (fact.record === 'done') doneHash = fact.hash;
  }
  return { whole, published, publishing, folders, doneHash };
}

class Look {
  readonly #options: DeliveryOptions;
  readonly #staging: Staging;
  readonly #told: Told;
  readonly #isWanted: () => boolean;
  readonly #fs: FileSystem;
  readonly #buffer = new Uint8Array(BLOCK_BYTES);
  readonly #whole: { index: number; hash: Uint8Array }[] = [];
  readonly #begun: number[] = [];
  readonly #tops = new Map<string, string>();
  #blocks = 0;

  constructor(options: DeliveryOptions, staging: Staging, told: Told, isWanted: () => boolean) {
    this.#options = options;
    this.#staging = staging;
    this.#told = told;
    this.#isWanted = isWanted;
    this.#fs = options.fs;
  }

  get found(): Found {
    return { whole: this.#whole, begun: this.#begun, tops: this.#tops, doneHash: null };
  }

  /** It was whole and durable: what its receiver did with it since is theirs to do. */
  done(doneHash: string): Found {
    for (const [index, hash] of this.#told.whole) this.#whole.push({ index, hash });
    for (const [index, { path, hash }] of this.#told.published) {
      this.#whole.push({ index, hash });
      this.#tops.set(this.#topOf(index), path);
    }
    return { ...this.found, doneHash };
  }

  /** Moves the last step of a crash on, then makes sure that the staging folders are there. */
  folders(): void {
    const staging = this.#staging;
    for (const { name, path } of staging.folders) {
      const final = this.#told.folders.get(name);
      if (final === undefined) continue;
      if (this.#isDirectory(path)) {
        if (!this.#isEmptyDirectory(final)) continue;
        moveOverEmpty(this.#fs, path, final);
      } else if (this.#isEmptyDirectory(final)) {
        // the power went: the disk knows the placeholder only, and what was staged comes anew
        this.#fs.rmdirSync(final);
      }
      if (!this.#isDirectory(final)) continue;
      staging.setPublished(name, final);
      this.#tops.set(this.#offeredTop(name), final);
    }
    if (this.#told.doneHash === null) staging.remake();
  }

  async files(): Promise<void> {
    const { entries } = this.#options;
    for (const [index, entry] of entries.entries()) {
      if (index % ENTRIES_PER_TURN === 0) await setImmediate();
      if (!this.#isWanted()) return;
      if (entry.kind === 'file') await this.#file(index, entry);
    }
  }

  async #file(index: number, entry: Entry & { kind: 'file' }): Promise<void> {
    const staging = this.#staging;
    const hash = this.#told.whole.get(index);
    if (staging.isPublished(index)) {
      if (hash) this.#whole.push({ index, hash });
      return;
    }
    if (staging.isTopFile(index) && (await this.#publishedFile(index, entry))) return;
    const part = staging.pathOf(index);
    const stat = this.#fs.lstatSync(part, { throwIfNoEntry: false });
    const fits = stat?.isFile() === true && stat.size <= entry.bytes;
    if (fits && hash && (await this.#holds(part, entry, hash))) {
      this.#whole.push({ index, hash });
      return;
    }
    // whoever reads the journal as a receipt must not take it for what arrived
    if (hash && this.#isWanted()) this.#options.journal.append({ record: 'dropped', index });
    if (fits) this.#begun.push(index);
    else if (stat) this.#fs.rmSync(part, { recursive: true });
  }

  /** true: it has its final name, and is what was sent. */
  async #publishedFile(index: number, entry: Entry & { kind: 'file' }): Promise<boolean> {
    const told = this.#told.published.get(index);
    const path = told?.path ?? this.#told.publishing.get(index);
    if (path === undefined) return false;
    const part = this.#staging.pathOf(index);
    if (!told && this.#halfPublished(part, path)) return false;
    const hash = told?.hash ?? (await this.#hashOf(path, entry));
    if (!hash || (told && !(await this.#holds(path, entry, told.hash)))) return false;
    this.#fs.rmSync(part, { force: true }); // the disk may have kept both names
    if (!told) {
      const record = { record: 'published', index, path, hash: toHex(hash) } as const;
      this.#options.journal.append(record);
    }
    this.#whole.push({ index, hash });
    this.#tops.set(this.#topOf(index), path);
    return true;
  }

  /**
   * The crash came between the journal and the end of the move: the part is there, so it is not moved.
   * Its second name is taken back, and so is the empty placeholder of a file system without links.
   */
  #halfPublished(part: string, path: string): boolean {
    const before = this.#fs.lstatSync(part, { throwIfNoEntry: false, bigint: true });
    if (!before) return false;
    const after = this.#fs.lstatSync(path, { throwIfNoEntry: false, bigint: true });
    if (!after?.isFile()) return true;
    const isSame = after.ino === before.ino && after.dev === before.dev;
    if (isSame || (after.size === 0n && before.size > 0n)) this.#fs.unlinkSync(path);
    return true;
  }

  async #holds(path: string, entry: Entry & { kind: 'file' }, hash: Uint8Array): Promise<boolean> {
    const found = await this.#hashOf(path, entry);
    return found !== null && equalBytes(found, hash);
  }

  /** null: it is not there, is no file, or has another size. */
  async #hashOf(path: string, { bytes }: Entry & { kind: 'file' }): Promise<Uint8Array | null> {
    let fd: number;
    try {
      fd = this.#fs.openSync(path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING);
    } catch {
      return null;
    }
    try {
      const stat = this.#fs.fstatSync(fd);
      if (!stat.isFile() || stat.size !== bytes) return null;
      const hashes = new BlockHashes(this.#options.hash);
      let count = 0;
      for (let at = 0; at < bytes; count++) {
        if (++this.#blocks % BLOCKS_PER_TURN === 0) await setImmediate();
        const read = this.#fs.readSync(fd, this.#buffer, 0, Math.min(BLOCK_BYTES, bytes - at), at);
        if (read === 0 || !this.#isWanted()) return null;
        hashes.update(this.#buffer.subarray(0, read));
        at += read;
      }
      hashes.flush();
      return hashes.file(Math.ceil(bytes / BLOCK_BYTES));
    } catch {
      return null;
    } finally {
      attempt(() => {
        this.#fs.closeSync(fd);
      });
    }
  }

  #topOf(index: number): string {
    return this.#options.entries[index]?.path[0] ?? '';
  }

  /** The first component in the offer of what is saved under this one. */
  #offeredTop(name: string): string {
    const { entries, saved } = this.#options;
    return entries[saved.findIndex((path) => path[0] === name)]?.path[0] ?? name;
  }

  #isDirectory(path: string): boolean {
    return this.#fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  #isEmptyDirectory(path: string): boolean {
    return this.#isDirectory(path) && this.#fs.readdirSync(path).length === 0;
  }
}
