import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { Problem } from '../../../shared/model/transfer.ts';
import type { HashedFile } from '../../../shared/protocol/hash-tree.ts';
import { equalBytes, toHex, transferHash } from '../../../shared/protocol/hash-tree.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { FileHashes } from './file-hashes.ts';
import { finishDirectories, setFileTime } from './finish-directories.ts';
import type { BlockHashes } from './hash.ts';
import { digestOf } from './hash.ts';
import { PartFiles } from './part-files.ts';
import { Publisher } from './publisher.ts';
import type { Found } from './restored.ts';
import { Staging, removeStaged } from './staging.ts';
import { attempt, diskError } from './system-errors.ts';
import { SyncQueue } from './sync-queue.ts';

/**
 * One transfer on its way to the disk, over as many connections as it takes. What it writes has a hidden
 * name until its hash holds and the disk has it; then it is published, never over anything that exists.
 * Once finished it takes no more: a sender that did not hear of it is only told again.
 */
export class Delivery {
  readonly options: DeliveryOptions;
  readonly staging: Staging;
  /** Where the journal goes when all is done. */
  receipt: string;
  readonly #parts: PartFiles;
  readonly #syncs: SyncQueue;
  readonly #publisher: Publisher;
  /** The hash of each file that is whole, by index: what the sender said and we computed. */
  readonly #whole: FileHashes;
  readonly #failed = new Map<number, ErrorCode>();
  readonly #declared: FileHashes;
  /** What came anew when all was finished: too late to be kept, and not what is here. */
  readonly #late = new Map<number, ErrorCode>();
  /** Final paths, by the first component of what is there. */
  readonly #saved = new Map<string, string>();
  #givenUp = false;
  #published = false;
  #finished = false;
  #transferHash: string | null = null;

  constructor(options: DeliveryOptions, receipt: string) {
    this.receipt = receipt;
    const { fs, journal, directory, entries, saved } = options;
    this.options = options;
    this.staging = new Staging(
      fs,
      directory,
      options.token,
      entries.map(({ kind }, index) => ({ kind, saved: saved[index] ?? [] })),
    );
    this.#parts = new PartFiles({ ...options, staging: this.staging });
    this.#syncs = new SyncQueue(fs);
    this.#publisher = new Publisher({
      fs,
      journal,
      directory,
      isWanted: () => !this.#givenUp,
      onPublished: (index, path) => {
        this.#onPublished(index, path);
      },
    });
    this.#whole = new FileHashes(entries.length);
    this.#declared = new FileHashes(entries.length);
    for (const { index, code } of options.skip) this.#failed.set(index, code);
  }

  /** Makes the folders to stage in. Throws DISK_FULL, NO_PERMISSION, DISK_ERROR. */
  prepare(): void {
    try {
      this.staging.make();
    } catch (error) {
      throw diskError(error, this.options.directory);
    }
  }

  /** Goes on with what was found on the disk, as `lookThrough` (restored.ts) answers it. */
  takeUp(found: Found): void {
    for (const [name, path] of found.tops) this.#saved.set(name, path);
    for (const { index, hash } of found.whole) this.#whole.set(index, hash);
    for (const index of found.begun) this.#parts.takeUp(index);
    this.#transferHash = found.doneHash && `${this.options.hash}:${found.doneHash}`;
    this.#finished = found.doneHash !== null;
    if (!this.#finished) return;
    this.options.entries.forEach(({ kind }, index) => {
      if (kind === 'file' && !this.#whole.has(index)) this.#failed.set(index, 'HASH_MISMATCH');
    });
  }

  /** There is a file for this entry where it is staged, of whatever content. */
  begun(index: number): void {
    this.#parts.takeUp(index);
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** The first of what was published, in the order of the offer; null: nothing yet. */
  get savedAs(): string | null {
    for (const { path } of this.options.entries) {
      const saved = this.#saved.get(path[0] ?? '');
      if (saved !== undefined) return saved;
    }
    return null;
  }

  /** `alg:hex` of all that was received; null until it is finished. */
  get transferHash(): string | null {
    return this.#transferHash;
  }

  get wholeFiles(): FileHashes {
    return this.#whole;
  }

  /** Files that were cut off in the middle, in the order of the offer. */
  get partials(): readonly number[] {
    return this.#parts.indexes;
  }

  /** Too much waits for the disk: read no more from the wire until `onCalm`. */
  get busy(): boolean {
    return this.#syncs.full;
  }

  onCalm(run: () => void): void {
    this.#syncs.onRoom(run);
  }

  partialPath(index: number): string {
    return this.staging.pathOf(index);
  }

  /** Somebody took what was begun of it away: it comes anew. */
  gone(index: number): void {
    this.#parts.forget(index);
  }

  /** A cut-off file goes on with the blocks that it has. */
  reuse(index: number, blocks: BlockHashes): void {
    this.#parts.reuse(index, blocks);
  }

  /**
   * Once it is finished, files that could not be sent before may come again: they are too late. One that
   * is whole comes again where the sender's has changed since. Throws SOURCE_CHANGED where its folder has
   * the final name already, NO_PERMISSION, DISK_ERROR.
   */
  openRange(index: number, offset: number): void {
    if (this.#finished) return;
    this.#failed.delete(index);
    this.#takeBack(index);
    this.#parts.openRange(index, offset);
  }

  write(bytes: Uint8Array): void {
    if (!this.#finished) this.#parts.write(bytes);
  }

  /** The sender says this file is whole. One whose hash differs is thrown away and reported. */
  endFile(index: number, declared: Uint8Array): void {
    if (this.#finished) {
      const known = this.#whole.get(index);
      if (!known || !equalBytes(known, declared)) this.#late.set(index, 'SOURCE_CHANGED');
      return;
    }
    this.#takeBack(index);
    const hash = this.#parts.hashOf(index);
    this.#declared.set(index, declared);
    if (hash === null || !equalBytes(hash, declared) || !this.#parts.hasItsSize(index)) {
      this.#drop(index, 'HASH_MISMATCH');
      return;
    }
    this.#failed.delete(index);
    const fd = this.#parts.take(index);
    setFileTime(this.options.fs, fd, this.options.entries[index]);
    const onLost = (): void => {
      this.#parts.remove(index); // what the system could not write may still look whole
    };
    this.#syncs.add(fd, onLost, () => {
      if (this.#givenUp) return;
      if (this.staging.isTopFile(index)) {
        const part = this.staging.pathOf(index);
        this.#publisher.add(index, part, this.staging.topOf(index), toHex(hash));
        return;
      }
      this.options.journal.append({ record: 'whole', index, hash: toHex(hash) });
      this.#setWhole(index, hash);
    });
  }

  /** The sender could not read it to its end. Throws DISK_ERROR, NO_PERMISSION. */
  dropFile(index: number, code: ErrorCode): void {
    if (this.#finished) {
      this.#late.set(index, code);
      return;
    }
    this.#takeBack(index);
    this.#declared.delete(index);
    this.#drop(index, code);
  }

  /** The wire was cut: keeps what is here for a later connection. false: the disk failed meanwhile. */
  async suspend(): Promise<boolean> {
    this.#late.clear();
    this.#parts.suspend();
    try {
      await this.#settled();
      return true;
    } catch {
      return false; // the next connection meets the same disk
    }
  }

  /** Lets go of everything open; the journal knows the rest. */
  async close(): Promise<void> {
    await this.suspend();
    await this.options.journal.close();
  }

  /** Lets `finish` fail with CANCELLED. False: it is too late, all has its final name. */
  giveUp(): boolean {
    if (this.#published) return false;
    this.#givenUp = true;
    return true;
  }

  /**
   * Waits for the disk, checks the whole against the sender's hash and gives the folders their final
   * names. Throws HASH_MISMATCH, DISK_FULL, NO_PERMISSION, DISK_ERROR.
   */
  async finish(expectedHex: string): Promise<void> {
    await this.#settled();
    if (this.#finished) return;
    this.#mustNotBeGivenUp();
    const { fs, entries, hash, directory, journal } = this.options;
    const files: HashedFile[] = [];
    entries.forEach((entry, index) => {
      const fileHash = this.#declared.get(index) ?? this.#whole.get(index);
      if (fileHash) files.push({ path: entry.path, hash: fileHash });
    });
    if (toHex(transferHash(files, digestOf(hash))) !== expectedHex) {
      throw new DroplineError('HASH_MISMATCH');
    }
    const mustGoOn = (): void => {
      this.#mustNotBeGivenUp();
    };
    await finishDirectories(fs, this.staging, entries, this.#syncs, mustGoOn);
    this.#published = true;
    for (const { name, path, published } of this.staging.folders) {
      if (published) continue;
      const final = await this.#publisher.folder(path, name);
      this.staging.setPublished(name, final);
      this.#saved.set(name, final);
    }
    await this.#syncs.directory(directory);
    await this.#syncs.settled();
    journal.append({ record: 'done', hash: expectedHex });
    await journal.sync();
    await journal.retire(this.receipt);
    this.#transferHash = `${hash}:${expectedHex}`;
    this.#finished = true;
  }

  /** Files and bytes that are whole, and what is not. */
  report(): { files: number; bytes: number; failed: FileProblem[]; problems: Problem[] } {
    const whole = [...this.#whole.indexes()].filter((index) => !this.#late.has(index));
    const bytes = whole.reduce((sum, index) => {
      const entry = this.options.entries[index];
      return sum + (entry?.kind === 'file' ? entry.bytes : 0);
    }, 0);
    const all = new Map([...this.#late, ...this.#failed]);
    const failed = [...all].map(([index, code]) => ({ index, code }));
    const problems = failed.map(({ index, code }) => ({
      path: this.staging.finalNameOf(index),
      code,
    }));
    return { files: whole.length, bytes, failed, problems };
  }

  /**
   * Removes everything of this transfer that is not published. What cannot be removed now is at the next
   * start, for which the journal stays.
   */
  async discard(): Promise<void> {
    const { fs, directory, token, journal } = this.options;
    this.#givenUp = true;
    await this.suspend();
    if (this.#finished) return;
    if (removeStaged(fs, directory, token)) {
      journal.remove();
      return;
    }
    attempt(() => {
      journal.append({ record: 'discarded' });
    });
    await journal.close();
  }

  async #settled(): Promise<void> {
    await this.#syncs.settled();
    await this.#publisher.settled();
  }

  #setWhole(index: number, hash: Uint8Array): void {
    this.#parts.forget(index);
    this.#whole.set(index, hash);
  }

  #onPublished(index: number, path: string): void {
    const hash = this.#declared.get(index);
    if (hash) this.#setWhole(index, hash);
    this.#saved.set(this.options.entries[index]?.path[0] ?? '', path);
  }

  /** What is staged is written again; what was published is its receiver's, and the new one goes beside it. */
  #takeBack(index: number): void {
    if (!this.#whole.has(index)) return;
    if (this.staging.isPublished(index)) {
      throw new DroplineError('SOURCE_CHANGED', { path: this.staging.finalNameOf(index) });
    }
    this.#whole.delete(index);
    this.#declared.delete(index);
    if (this.staging.isTopFile(index)) return;
    this.options.journal.append({ record: 'dropped', index });
    this.#parts.takeUp(index);
  }

  #drop(index: number, code: ErrorCode): void {
    this.#failed.set(index, code);
    this.#parts.remove(index);
  }

  #mustNotBeGivenUp(): void {
    if (this.#givenUp) throw new DroplineError('CANCELLED');
  }
}
