import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import { fromHex, toHex } from '../../../shared/protocol/hash-tree.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { discardStaged } from './discard.ts';
import type { FileHashes } from './file-hashes.ts';
import type { DeliveryReport } from './file-states.ts';
import { FileStamps } from './file-stamps.ts';
import { FileStates } from './file-states.ts';
import { finishDirectories, finishMerged } from './finish-directories.ts';
import type { Target } from './going.ts';
import { MergedFolders } from './merged-folders.ts';
import { MetFiles } from './met-files.ts';
import { PartFiles } from './part-files.ts';
import { Publisher } from './publisher.ts';
import type { Found } from './restored.ts';
import { SavedNames } from './saved-names.ts';
import { Staging } from './staging.ts';
import { diskError } from './system-errors.ts';
import { SyncQueue } from './sync-queue.ts';

/**
 * One transfer on its way to the disk, over as many connections as it takes. What it writes has a hidden
 * name until its hash holds and the disk has it; then it is published, never over anything that exists.
 * Once finished it takes no more: a sender that did not hear of it is only told again.
 */
export class Delivery {
  readonly options: DeliveryOptions;
  readonly staging: Staging;
  /** What is begun and not whole yet. */
  readonly parts: PartFiles;
  /** What was there before. */
  readonly met: MetFiles;
  /** Where the journal goes when all is done. */
  receipt: string;
  readonly #syncs: SyncQueue;
  readonly #publisher: Publisher;
  readonly #folders: MergedFolders;
  readonly #stamps: FileStamps;
  readonly #files: FileStates;
  readonly #saved: SavedNames;
  #givenUp = false;
  #published = false;
  #finished = false;
  /** `alg:hex` of all that was received; null until it is finished. */
  transferHash: string | null = null;
  /** Of what counted as whole when this connection began, and comes anew. */
  takenBackBytes = 0;

  constructor(options: DeliveryOptions, receipt: string) {
    this.receipt = receipt;
    const { fs, journal, directory } = options;
    this.options = options;
    this.staging = Staging.of(options);
    this.met = new MetFiles(options);
    this.#folders = new MergedFolders(fs, journal, directory);
    this.parts = new PartFiles({ ...options, staging: this.staging });
    this.#syncs = new SyncQueue(fs);
    this.#publisher = new Publisher({
      ...options,
      targetOf: (index) => this.#targetOf(index),
      isWanted: () => !this.#givenUp,
      isSound: ({ index, hash }) => this.#stamps.isSound(index, fromHex(hash)),
      onLost: (index) => this.#drop(index, 'HASH_MISMATCH'),
      onPublished: (...published) => this.#onPublished(...published),
    });
    this.#stamps = new FileStamps(options, this.staging);
    this.#files = new FileStates(options);
    this.#saved = new SavedNames(options);
  }

  /** Throws DISK_FULL, NO_PERMISSION, DISK_ERROR. */
  async prepare(): Promise<void> {
    try {
      await this.staging.make();
    } catch (error) {
      throw diskError(error, this.options.directory);
    }
  }

  /** Goes on with what was found on the disk, as `lookThrough` (restored.ts) answers it. */
  takeUp(found: Found): void {
    for (const [name, path] of found.tops) this.#saved.set(name, path);
    for (const { index, hash } of found.whole) this.#files.whole.set(index, hash);
    for (const [index, count] of found.copies) this.#files.named(index, count);
    for (const index of found.begun) this.parts.takeUp(index);
    for (const path of found.made) this.#folders.takeUp(path);
    this.met.takeUp(found);
    this.transferHash = found.doneHash && `${this.options.hash}:${found.doneHash}`;
    this.#finished = found.doneHash !== null;
    if (this.#finished) this.#files.restFailed();
  }

  /**
   * Counts as whole what stands there already with the size that was offered, whatever it holds: the
   * sender compares. Throws DISK_FULL, DISK_ERROR.
   */
  async claimIdentical(isWanted: () => boolean): Promise<void> {
    const known = new Set(this.parts.indexes);
    for (const { index } of this.options.skip) known.add(index);
    const isKnown = (index: number): boolean => this.#files.whole.has(index) || known.has(index);
    for await (const { index, path, hash } of this.met.claims(isKnown, isWanted)) {
      this.#setWhole(index, hash);
      this.#saved.setFile(index, path);
    }
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** The first of what was published, in the order of the offer; null: nothing yet. */
  get savedAs(): string | null {
    return this.#saved.first;
  }

  get wholeFiles(): FileHashes {
    return this.#files.whole;
  }

  /** Too much waits for the disk: read no more from the wire until `onCalm`. */
  get busy(): boolean {
    return this.#syncs.full;
  }

  onCalm(run: () => void): void {
    this.#syncs.onRoom(run);
  }

  /**
   * Once it is finished, files that could not be sent before may come again: they are too late. One that
   * is whole comes again where the sender's has changed since. Throws SOURCE_CHANGED where its folder has
   * the final name already, or so often did, NO_PERMISSION, DISK_ERROR.
   */
  openRange(index: number, offset: number): void {
    if (this.#finished) return;
    this.#files.comes(index);
    this.#takeBack(index);
    this.parts.openRange(index, offset);
  }

  write(bytes: Uint8Array): void {
    if (!this.#finished) this.parts.write(bytes);
  }

  /** The sender says this file is whole. One whose hash differs is thrown away and reported. */
  endFile(index: number, declared: Uint8Array): void {
    if (this.#finished) {
      this.#files.saidLate(index, declared);
      return;
    }
    this.#files.comes(index);
    this.#takeBack(index);
    this.#files.declared.set(index, declared);
    const stat = this.parts.holds(index, declared) ? this.parts.finish(index) : null;
    if (stat === null) {
      this.#drop(index, 'HASH_MISMATCH');
      return;
    }
    this.#stamps.written(index, stat);
    if (this.staging.isSingle(index)) this.#files.named(index);
    const onLost = (): void => this.parts.remove(index); // it may still look whole
    this.#syncs.add(this.parts.take(index), onLost, () => {
      if (!this.#givenUp) this.#isDurable(index, declared);
    });
  }

  /** What is staged and was changed since it was whole counts no more. Answers what that is. */
  async takeBackChanged(): Promise<readonly number[]> {
    const changed = await this.#stamps.changed(this.wholeFiles);
    for (const index of changed) this.#takeBack(index, true);
    return changed;
  }

  /** The sender could not read it to its end. Throws DISK_ERROR, NO_PERMISSION. */
  dropFile(index: number, code: ErrorCode): void {
    if (this.#finished) {
      this.#files.cameLate(index, code);
      return;
    }
    this.#takeBack(index);
    this.#files.declared.delete(index);
    this.#drop(index, code);
  }

  /** Keeps what is here for a later connection. false: the disk failed meanwhile. */
  async suspend(): Promise<boolean> {
    this.#files.forgetLate();
    this.takenBackBytes = 0;
    this.parts.suspend();
    const isSettled = await this.#settled().then(
      () => true,
      () => false, // the next connection meets the same disk
    );
    this.options.fs.release();
    return isSettled;
  }

  async close(): Promise<void> {
    await this.suspend();
    await this.options.journal.close();
  }

  /** Lets `finish` fail with CANCELLED. False: it is too late, all has its final name. */
  giveUp(): boolean {
    if (this.#published || this.#finished) return false;
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
    const { fs, entries, hash, directory, journal } = this.options;
    const own = await this.#files.transferHash();
    if (own !== expectedHex) throw new DroplineError('HASH_MISMATCH');
    for (const index of await this.takeBackChanged()) this.#drop(index, 'HASH_MISMATCH');
    this.#mustGoOn();
    await finishDirectories(fs, this.staging, entries, this.#syncs, this.#mustGoOn);
    this.#published = true;
    await this.#publisher.folders(this.staging, (name, path) => this.#saved.set(name, path));
    await finishMerged(this.options, this.staging, this.#folders, this.#syncs);
    this.#saved.setMerged(this.staging.mergedDirectories);
    await this.#syncs.directory(directory);
    await this.#syncs.settled();
    await journal.complete(expectedHex, this.receipt);
    this.transferHash = `${hash}:${expectedHex}`;
    this.#finished = true;
  }

  report(): DeliveryReport {
    return this.#files.report();
  }

  async discard(): Promise<void> {
    this.#givenUp = true;
    await this.suspend();
    if (!this.#finished) await discardStaged(this.options, this.receipt);
  }

  readonly #mustGoOn = (): void => {
    if (this.#givenUp) throw new DroplineError('CANCELLED');
  };

  async #settled(): Promise<void> {
    await this.#syncs.settled();
    await this.#publisher.settled();
  }

  #targetOf(index: number): Target {
    const path = this.options.saved[index] ?? [];
    const directory = this.#folders.make(path.slice(0, -1));
    return { directory, name: path.at(-1) ?? '', replaces: this.met.replacedBy(index) };
  }

  #isDurable(index: number, hash: Uint8Array): void {
    if (this.staging.isSingle(index)) {
      this.#publisher.add({ index, part: this.staging.pathOf(index), hash: toHex(hash) });
      return;
    }
    this.options.journal.wholeSoon(index, hash);
    this.#setWhole(index, hash);
  }

  #setWhole(index: number, hash: Uint8Array): void {
    this.parts.forget(index);
    this.#files.whole.set(index, hash);
  }

  #onPublished(index: number, path: string, replaced: boolean): void {
    const hash = this.#files.declared.get(index);
    if (hash) this.#setWhole(index, hash);
    if (replaced) this.met.isReplaced(index);
    this.#saved.setFile(index, path);
  }

  /** What is staged is written again; what was published is its receiver's, and the new one goes beside it. */
  #takeBack(index: number, isDeclared = false): void {
    const { whole, declared } = this.#files;
    if (!whole.has(index)) return;
    if (this.staging.isPublished(index)) {
      throw new DroplineError('SOURCE_CHANGED', { path: this.staging.finalNameOf(index) });
    }
    whole.delete(index);
    if (!isDeclared) declared.delete(index);
    this.met.differs(index);
    this.options.journal.append({ record: 'dropped', index });
    this.takenBackBytes += this.#files.bytesOf(index);
    if (!this.staging.isSingle(index)) this.parts.takeUp(index);
  }

  #drop(index: number, code: ErrorCode): void {
    this.#files.failed(index, code);
    this.parts.remove(index);
  }
}
