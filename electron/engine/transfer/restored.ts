import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ErrorCode } from '../../../shared/errors.ts';
import { equalBytes, toHex } from '../../../shared/protocol/hash-tree.ts';
import { atOnce } from '../../../shared/protocol/steps.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { DiskHasher } from './disk-hasher.ts';
import { cannotBeNamed, isForbidden, refusalOf } from './disk-refusals.ts';
import { takeBackHalf } from './half-published.ts';
import type { Fact } from './journal-records.ts';
import { OpenElsewhere, SCANNER_PATIENCE_MS } from './open-elsewhere.ts';
import type { FileSystem } from './ports.ts';
import { settleReplaced } from './replace.ts';
import { removeAll, removeFile } from './staged-removal.ts';
import type { Staging } from './staging.ts';
import type { Told } from './told.ts';
import { lastTold } from './told.ts';

/** What of an interrupted delivery is on the disk, as it is now. */
export interface Found {
  /** Read again to the last byte: each has the hash that the journal tells. */
  readonly whole: readonly { readonly index: number; readonly hash: Uint8Array }[];
  /** Begun, of any content. */
  readonly begun: readonly number[];
  /** What has its final name already: the top name that was planned, and where it is. */
  readonly tops: ReadonlyMap<string, string>;
  /** Of those that are whole: what stood there before, and what took the place of another. */
  readonly identical: readonly number[];
  readonly replaced: readonly number[];
  readonly replacedBefore: number;
  /** What stands there and is not what the sender has. */
  readonly differs: readonly number[];
  /** What the disk does not take. */
  readonly refused: ReadonlyMap<number, ErrorCode>;
  /** Folders that it did not take now, below the destination. */
  readonly unmade: readonly { readonly below: readonly string[]; readonly code: ErrorCode }[];
  /** How often each file got a name. */
  readonly copies: ReadonlyMap<number, number>;
  /** Folders in merged ones that are ours. */
  readonly made: readonly string[];
  /** The transfer's hash, as hex, where all of it was done; null: it was not. */
  readonly doneHash: string | null;
}

/** Entries looked at before other transfers of this thread get their turn. */
const ENTRIES_PER_TURN = 500;
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
  const told = lastTold(facts);
  const look = new Look(options, staging, told, isWanted);
  if (told.doneHash !== null) return look.done(told.doneHash);
  await look.folders();
  await look.files();
  return look.found;
}

class Look {
  readonly #options: DeliveryOptions;
  readonly #staging: Staging;
  readonly #told: Told;
  readonly #isWanted: () => boolean;
  readonly #fs: FileSystem;
  readonly #hasher: DiskHasher;
  readonly #elsewhere: OpenElsewhere;
  readonly #whole: { index: number; hash: Uint8Array }[] = [];
  readonly #begun: number[] = [];
  readonly #tops = new Map<string, string>();
  readonly #identical: number[] = [];
  readonly #replaced: number[] = [];
  readonly #unmade: { below: readonly string[]; code: ErrorCode }[] = [];

  constructor(options: DeliveryOptions, staging: Staging, told: Told, isWanted: () => boolean) {
    this.#options = options;
    this.#staging = staging;
    this.#told = told;
    this.#isWanted = isWanted;
    this.#fs = options.fs;
    this.#hasher = new DiskHasher(options.fs, options.hash, isWanted);
    this.#elsewhere = new OpenElsewhere(options.fs, () => true);
  }

  get found(): Found {
    const differs = [...this.#told.dropped];
    const { made, copies, refused } = this.#told;
    return {
      whole: this.#whole,
      begun: this.#begun,
      tops: this.#tops,
      identical: this.#identical,
      replaced: [...this.#told.replaced, ...this.#replaced],
      replacedBefore: this.#told.replacedBefore,
      differs,
      refused,
      unmade: this.#unmade,
      copies,
      made,
      doneHash: null,
    };
  }

  /** It was whole and durable: what its receiver did with it since is theirs to do. */
  done(doneHash: string): Found {
    for (const [name, { path }] of this.#told.folders) this.#publishedFolder(name, path);
    for (const [index, hash] of this.#told.whole) this.#whole.push({ index, hash });
    for (const [index, { path, hash }] of this.#told.published) {
      this.#published(index, path, hash);
    }
    return { ...this.found, doneHash };
  }

  /**
   * Finds the folders that have their final names, and makes sure that the others are staged. Nothing that
   * a person can see is moved or removed: what is staged gets its name when all of it was hashed again.
   */
  async folders(): Promise<void> {
    const staging = this.#staging;
    for (const { name, path } of staging.folders) {
      const told = this.#told.folders.get(name);
      if (told === undefined || !this.#isDirectory(told.path)) continue;
      if (this.#isEmpty(told.path)) staging.setPlanned(name, told.path);
      else if (!this.#isDirectory(path) && (told.isPublished || (await this.#isOurs(name)))) {
        this.#publishedFolder(name, told.path);
      }
    }
    const { fs, directory } = this.#options;
    await staging.remake(
      (index) => this.#told.refused.has(index),
      (at, below, error) => {
        const code = refusalOf(fs, directory, at, error);
        if (code !== null) this.#unmade.push({ below, code });
        return code !== null;
      },
    );
  }

  #publishedFolder(name: string, path: string): void {
    this.#staging.setPublished(name, path);
    this.#tops.set(name, path);
  }

  /** The crash came before the end of the move was told: every file that was staged is in there. */
  async #isOurs(name: string): Promise<boolean> {
    const { entries, saved } = this.#options;
    const path = this.#told.folders.get(name)?.path ?? '';
    let isFound = false;
    for (const [index, hash] of this.#told.whole) {
      const entry = entries.at(index);
      const [top, ...rest] = saved.at(index) ?? [];
      if (top !== name || entry?.kind !== 'file') continue;
      if (!this.#isWanted() || !(await this.#holds(join(path, ...rest), entry, hash))) return false;
      isFound = true;
    }
    return isFound;
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
    if (this.#told.refused.has(index)) {
      await this.#refused(index);
      return;
    }
    if (staging.isPublished(index)) {
      if (hash) this.#whole.push({ index, hash });
      return;
    }
    if (staging.isSingle(index) && (await this.#publishedFile(index, entry))) return;
    const part = staging.pathOf(index);
    const stat = this.#lookAt(part);
    // a second name of it may be anybody's file
    const isOurs = stat?.isFile() === true && stat.nlink <= 1;
    const fits = isOurs && stat.size <= entry.bytes;
    if (fits && hash && (await this.#holds(part, entry, hash))) {
      this.#whole.push({ index, hash });
      return;
    }
    // whoever reads the journal as a receipt must not take it for what arrived
    if (hash && this.#isWanted()) this.#options.journal.append({ record: 'dropped', index });
    if (fits) this.#begun.push(index);
    else if (stat) atOnce(removeAll(this.#fs, part));
  }

  /** Nothing is left of what was begun, nor of a step to its name. */
  async #refused(index: number): Promise<void> {
    const path = this.#told.going.get(index)?.path;
    if (path !== undefined) await this.#isSettled(index, path);
    const part = this.#staging.pathOf(index);
    if (!this.#staging.isPublished(index) && this.#lookAt(part)) removeFile(this.#fs, part);
  }

  /** What the disk cannot name is not on it: it says so when the file comes. */
  #lookAt(path: string): Stats | undefined {
    try {
      return this.#fs.lstatSync(path, { throwIfNoEntry: false });
    } catch (error) {
      if (cannotBeNamed(error)) return undefined;
      throw error;
    }
  }

  /** true: it has its final name, and is what was sent. */
  async #publishedFile(index: number, entry: Entry & { kind: 'file' }): Promise<boolean> {
    const told = this.#told.published.get(index);
    const path = told?.path ?? this.#told.going.get(index)?.path;
    if (path === undefined || !(await this.#isSettled(index, path))) return false;
    const expected = told?.hash ?? this.#overAt(index, path)?.hash;
    const found = await this.#hasher.find(path, entry.bytes);
    if (!found || (expected && !equalBytes(found, expected))) return false;
    if (!told && expected) this.#replaced.push(index);
    this.#published(index, path, found);
    removeFile(this.#fs, this.#staging.pathOf(index)); // the disk may have kept both names
    if (!told) {
      const record = { record: 'published', index, path, hash: toHex(found) } as const;
      this.#options.journal.append(record);
    }
    return true;
  }

  /** true: the step to this name was made to its end, or nothing that is there speaks against it. */
  async #isSettled(index: number, path: string): Promise<boolean> {
    try {
      return await this.#elsewhere.outwait(
        path,
        () => this.#settle(index, path),
        SCANNER_PATIENCE_MS,
      );
    } catch (error) {
      // its folder was closed: the disk says so of this file when it is to get its name again
      if (isForbidden(error)) return false;
      throw error;
    }
  }

  #settle(index: number, path: string): boolean {
    const part = this.#staging.pathOf(index);
    const { directory, token } = this.#options;
    const over = this.#overAt(index, path);
    if (over) {
      return settleReplaced(this.#fs, { part, path, kept: join(directory, over.kept), token });
    }
    return this.#told.published.has(index) || !takeBackHalf(this.#fs, part, path, token);
  }

  #overAt(index: number, path: string) {
    const going = this.#told.going.get(index);
    return going?.path === path ? going.over : null;
  }

  #published(index: number, path: string, hash: Uint8Array): void {
    this.#whole.push({ index, hash });
    if (this.#told.published.get(index)?.isIdentical) this.#identical.push(index);
    const isTop = this.#options.saved.at(index)?.length === 1;
    if (isTop) this.#tops.set(this.#staging.topOf(index), path);
  }

  async #holds(path: string, entry: Entry & { kind: 'file' }, hash: Uint8Array): Promise<boolean> {
    const found = await this.#hasher.find(path, entry.bytes);
    return found !== null && equalBytes(found, hash);
  }

  /** What cannot be looked into is no placeholder of ours. */
  #isEmpty(path: string): boolean {
    try {
      return this.#fs.readdirSync(path).length === 0;
    } catch (error) {
      if (isForbidden(error)) return false;
      throw error;
    }
  }

  #isDirectory(path: string): boolean {
    return this.#fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  }
}
