import { join } from 'node:path';
import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import { DeliveryFiles } from './delivery-files.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { skipped } from './delivery-options.ts';
import { discardStaged } from './discard.ts';
import { refusalOf } from './disk-refusals.ts';
import type { FileHashes } from './file-hashes.ts';
import type { DeliveryReport } from './file-states.ts';
import { finishDirectories, finishMerged } from './finish-directories.ts';
import type { MetFiles } from './met-files.ts';
import type { PartFiles } from './part-files.ts';
import type { Found } from './restored.ts';
import { removalSteps } from './staged-removal.ts';
import { Staging } from './staging.ts';
import { diskError } from './system-errors.ts';
import { DISK_STEPS_PER_TURN, inTurns } from './turns.ts';

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
  readonly #files: DeliveryFiles;
  #published = false;
  #finished = false;
  /** `alg:hex` of all that was received; null until it is finished. */
  transferHash: string | null = null;

  constructor(options: DeliveryOptions, receipt: string) {
    this.receipt = receipt;
    this.options = options;
    this.staging = Staging.of(options);
    this.#files = new DeliveryFiles(options, this.staging);
  }

  /** Throws DISK_FULL, NO_PERMISSION, DISK_ERROR, and PLACE_REFUSED where nothing would be left. */
  async prepare(): Promise<void> {
    const { directory } = this.options;
    try {
      await this.staging.make((path, below, error) => this.#refusesFolder(path, below, error));
    } catch (error) {
      throw diskError(error, directory);
    }
    const { refused } = this.#files;
    const [first] = refused.all;
    if (!first || !refused.isAll) return;
    throw new DroplineError(first.code, { path: this.staging.finalNameOf(first.index) });
  }

  /** Goes on with what was found on the disk, as `lookThrough` (restored.ts) answers it. */
  takeUp(found: Found): void {
    this.#files.takeUp(found);
    this.transferHash = found.doneHash && `${this.options.hash}:${found.doneHash}`;
    this.#finished = found.doneHash !== null;
    if (this.#finished) this.#files.states.restFailed();
  }

  /**
   * Counts as whole what stands there already with the size that was offered, whatever it holds: the
   * sender compares. Throws DISK_FULL, DISK_ERROR.
   */
  claimIdentical(isWanted: () => boolean): Promise<void> {
    return this.#files.claimIdentical(isWanted);
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** What is begun and not whole yet. */
  get parts(): PartFiles {
    return this.#files.parts;
  }

  /** What was there before. */
  get met(): MetFiles {
    return this.#files.met;
  }

  /** The first of what was published, in the order of the offer; null: nothing yet. */
  get savedAs(): string | null {
    return this.#files.saved.first;
  }

  get wholeFiles(): FileHashes {
    return this.#files.states.whole;
  }

  /** Of what counted as whole when this connection began, and comes anew. */
  get takenBackBytes(): number {
    return this.#files.takenBackBytes;
  }

  /** Too much waits for the disk: read no more from the wire until `onCalm`. */
  get busy(): boolean {
    return this.#files.syncs.full;
  }

  /** What comes of this file is written: all is not finished yet, and the disk takes it. */
  takes(index: number): boolean {
    return !this.#finished && !this.#files.refused.has(index);
  }

  /** true: the disk does not take this file, and takes others. Throws where more is wrong. */
  refuses(index: number, error: unknown): boolean {
    return this.#files.refuses(index, error);
  }

  /** Files that do not come because they cannot be here. */
  get skip(): readonly FileProblem[] {
    return [...this.options.skip, ...this.#files.refused.files];
  }

  /** What the sender is told not to send, and why, before this connection brings anything. */
  takeSkips(): readonly FileProblem[] {
    return [...skipped(this.options), ...this.#files.takeSkips()];
  }

  onCalm(run: () => void): void {
    this.#files.syncs.onRoom(run);
  }

  /**
   * Once it is finished, files that could not be sent before may come again: they are too late. One that
   * is whole comes again where the sender's has changed since. Throws SOURCE_CHANGED where its folder has
   * the final name already, or so often did, NO_PERMISSION, DISK_ERROR.
   */
  openRange(index: number, offset: number): void {
    if (!this.#finished) this.#files.openRange(index, offset);
  }

  write(bytes: Uint8Array): void {
    if (!this.#finished) this.#files.write(bytes);
  }

  /** The sender says this file is whole. One whose hash differs is thrown away and reported. */
  endFile(index: number, declared: Uint8Array): void {
    if (this.#finished) this.#files.states.saidLate(index, declared);
    else this.#files.endFile(index, declared);
  }

  /** What is staged and was changed since it was whole counts no more. Answers what that is. */
  takeBackChanged(): Promise<readonly number[]> {
    return this.#files.takeBackChanged();
  }

  /** The sender could not read it to its end. Throws DISK_ERROR, NO_PERMISSION. */
  dropFile(index: number, code: ErrorCode): void {
    if (this.#finished) this.#files.states.cameLate(index, code);
    else this.#files.failAtSource(index, code);
  }

  /** Keeps what is here for a later connection. false: the disk failed meanwhile. */
  async suspend(): Promise<boolean> {
    const files = this.#files;
    files.states.forgetLate();
    files.takenBackBytes = 0;
    files.parts.suspend();
    const isSettled = await files.settled().then(
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

  /** What another program has open waits for a later run. */
  stopWaiting(): void {
    this.#files.publisher.stopWaiting();
  }

  /** Lets `finish` fail with CANCELLED, soon. False: it is too late, all has its final name. */
  giveUp(): boolean {
    this.stopWaiting();
    if (this.#published || this.#finished) return false;
    this.#files.givenUp = true;
    return true;
  }

  /**
   * Waits for the disk, checks the whole against the sender's hash and gives the folders their final
   * names. Throws HASH_MISMATCH, DISK_FULL, NO_PERMISSION, DISK_ERROR.
   */
  async finish(expectedHex: string): Promise<void> {
    const { states, syncs } = this.#files;
    await this.#files.settled();
    if (this.#finished) return;
    const { fs, entries, hash, journal } = this.options;
    if ((await states.transferHash()) !== expectedHex) throw new DroplineError('HASH_MISMATCH');
    for (const index of await this.takeBackChanged()) this.#files.drop(index, 'HASH_MISMATCH');
    await this.#files.removeLeft();
    this.#mustGoOn();
    await finishDirectories(fs, this.staging, entries, syncs, this.#mustGoOn);
    await this.#nameFolders();
    await journal.complete(expectedHex, this.receipt);
    this.transferHash = `${hash}:${expectedHex}`;
    this.#finished = true;
  }

  report(): DeliveryReport {
    return this.#files.states.report();
  }

  async discard(): Promise<void> {
    this.#files.givenUp = true;
    this.stopWaiting();
    await this.suspend();
    if (!this.#finished) await discardStaged(this.options, this.receipt);
  }

  async #nameFolders(): Promise<void> {
    const { publisher, saved, folders, syncs, refused } = this.#files;
    const left = refused.tops();
    await publisher.folders(this.staging, {
      isLeft: (name) => left.has(name),
      onPublished: (name, path) => saved.set(name, path),
      onRefused: (name) => this.#refuseTop(name),
    });
    this.#mustGoOn();
    this.#published = true;
    const isRefused = (below: readonly string[], error: unknown): boolean =>
      this.#refusesFolder(join(this.options.directory, ...below), below, error);
    await finishMerged(this.options, this.staging, folders, syncs, isRefused);
    await publisher.tidy();
    if (refused.size > 0) await this.#clear();
    saved.setMerged(this.staging.mergedDirectories);
    await syncs.directory(this.options.directory);
    await syncs.settled();
  }

  /** true: that folder, below the destination, cannot be made, and others can. */
  #refusesFolder(path: string, below: readonly string[], error: unknown): boolean {
    const { fs, directory } = this.options;
    const code = refusalOf(fs, directory, path, error);
    if (code !== null) this.#files.refuseFolder(below, code);
    return code !== null;
  }

  async #refuseTop(name: string): Promise<void> {
    this.#files.refuseTop(name, 'PLACE_REFUSED');
    await this.options.journal.sync();
  }

  /** All that can have a name has it: what is hidden still is of no use. Throws DISK_ERROR. */
  async #clear(): Promise<void> {
    const { fs, directory, token } = this.options;
    const isGone = await inTurns(removalSteps(fs, directory, token), DISK_STEPS_PER_TURN);
    if (!isGone) throw new DroplineError('DISK_ERROR', { path: directory });
  }

  readonly #mustGoOn = (): void => {
    if (this.#files.givenUp) throw new DroplineError('CANCELLED');
  };
}
