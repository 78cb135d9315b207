import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { Problem } from '../../../shared/model/transfer.ts';
import type { HashedFile } from '../../../shared/protocol/hash-tree.ts';
import { equalBytes, toHex, transferHash } from '../../../shared/protocol/hash-tree.ts';
import type { Entry, HashAlgorithm } from '../../../shared/protocol/messages.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import { FileHashes } from './file-hashes.ts';
import type { BlockHashes } from './hash.ts';
import { digestOf } from './hash.ts';
import type { FileSystem } from './ports.ts';
import { PartFiles } from './part-files.ts';
import { publishFile } from './publish.ts';
import { Staging } from './staging.ts';
import { attempt, diskError } from './system-errors.ts';
import { SyncQueue } from './sync-queue.ts';

export interface DeliveryOptions {
  readonly fs: FileSystem;
  readonly directory: string;
  readonly transferId: string;
  readonly entries: readonly Entry[];
  /** The receiver's own plan of every path (wire-path.ts), by entry. */
  readonly saved: readonly (readonly string[])[];
  readonly hash: HashAlgorithm;
  /** Files that are not wanted here, and why: they fail with that. */
  readonly skip: readonly FileProblem[];
}

/**
 * One transfer on its way to the disk, over as many connections as it takes. What it writes has a hidden
 * name until its hash holds and the disk has it; then it is published, never over anything that exists.
 * Once finished it takes no more: a sender that did not hear of it is only told again.
 */
export class Delivery {
  readonly options: DeliveryOptions;
  readonly #staging: Staging;
  readonly #parts: PartFiles;
  readonly #syncs: SyncQueue;
  /** The hash of each file that is whole, by index: what the sender said and we computed. */
  readonly #whole: FileHashes;
  readonly #failed = new Map<number, ErrorCode>();
  readonly #declared: FileHashes;
  /** What came anew when all was finished: too late to be kept, and not what is here. */
  readonly #late = new Map<number, ErrorCode>();
  readonly #savedFiles = new Map<number, string>();
  #savedFolders: readonly string[] = [];
  #givenUp = false;
  #published = false;
  #finished = false;
  #transferHash: string | null = null;

  constructor(options: DeliveryOptions) {
    this.options = options;
    this.#staging = new Staging(options.fs, options.directory, options.transferId, options.saved);
    this.#parts = new PartFiles({ ...options, staging: this.#staging });
    this.#syncs = new SyncQueue(options.fs);
    this.#whole = new FileHashes(options.entries.length);
    this.#declared = new FileHashes(options.entries.length);
    for (const { index, code } of options.skip) this.#failed.set(index, code);
  }

  /** Throws DISK_FULL, NO_PERMISSION, DISK_ERROR. Leaves nothing behind when it does. */
  prepare(): void {
    const { entries } = this.options;
    const bytes = entries.reduce((n, e) => n + (e.kind === 'file' ? e.bytes : 0), 0);
    try {
      this.#staging.prepare(entries, bytes);
    } catch (error) {
      this.#staging.discard();
      throw diskError(error, this.options.directory);
    }
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** The first thing published; null: nothing yet. */
  get savedAs(): string | null {
    const [first] = [...this.#savedFolders, ...this.#savedFiles.values()];
    return first ?? null;
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
    return this.#staging.pathOf(index);
  }

  /** A cut-off file goes on with the blocks that it has. */
  reuse(index: number, blocks: BlockHashes): void {
    this.#parts.reuse(index, blocks);
  }

  /** Once it is finished, files that could not be sent before may come again: they are too late. */
  openRange(index: number, offset: number): void {
    if (this.#finished) return;
    this.#beginAnew(index);
    this.#failed.delete(index);
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
    this.#beginAnew(index);
    const hash = this.#parts.hashOf(index);
    this.#declared.set(index, declared);
    if (hash === null || !equalBytes(hash, declared)) {
      this.#drop(index, 'HASH_MISMATCH');
      return;
    }
    this.#failed.delete(index);
    const fd = this.#parts.take(index);
    const entry = this.options.entries[index];
    if (entry?.modifiedUs !== undefined) this.#setTime(fd, entry.modifiedUs);
    this.#syncs.add(fd, () => {
      if (this.#givenUp) return;
      if (this.#staging.isTopFile(index)) this.#publishFile(index);
      this.#parts.forget(index);
      this.#whole.set(index, hash);
    });
  }

  /** The sender could not read it to its end. Throws DISK_ERROR, NO_PERMISSION. */
  dropFile(index: number, code: ErrorCode): void {
    if (this.#finished) {
      this.#late.set(index, code);
      return;
    }
    this.#beginAnew(index);
    this.#declared.delete(index);
    this.#drop(index, code);
  }

  /** The wire was cut: keeps what is here for a later connection. */
  async suspend(): Promise<void> {
    this.#late.clear();
    this.#parts.suspend();
    await this.#syncs.settled().catch(() => undefined); // the next connection meets the same disk
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
    await this.#syncs.settled();
    if (this.#finished) return;
    this.#mustNotBeGivenUp();
    const { entries, hash, directory } = this.options;
    const files: HashedFile[] = [];
    entries.forEach((entry, index) => {
      const fileHash = this.#declared.get(index) ?? this.#whole.get(index);
      if (fileHash) files.push({ path: entry.path, hash: fileHash });
    });
    if (toHex(transferHash(files, digestOf(hash))) !== expectedHex) {
      throw new DroplineError('HASH_MISMATCH');
    }
    await this.#finishDirectories();
    this.#published = true;
    this.#savedFolders = this.#staging.publishFolders();
    await this.#syncs.directory(directory);
    await this.#syncs.settled();
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
      path: this.#staging.finalNameOf(index),
      code,
    }));
    return { files: whole.length, bytes, failed, problems };
  }

  /**
   * Removes everything of this transfer that is not published. What cannot be removed stays: a disk that
   * fails at this has failed the transfer before.
   */
  async discard(): Promise<void> {
    await this.suspend();
    if (this.#finished) return;
    this.#parts.removeTopFiles();
    this.#staging.discard();
  }

  /**
   * The source of a file that was whole here is another one now. What has its final name stays, and what
   * comes is stored beside it; what is still hidden makes way. Throws DISK_ERROR, NO_PERMISSION.
   */
  #beginAnew(index: number): void {
    if (!this.#whole.has(index)) return;
    this.#whole.delete(index);
    this.#declared.delete(index);
    this.#savedFiles.delete(index);
    if (this.#staging.isTopFile(index)) return;
    try {
      this.options.fs.rmSync(this.#staging.pathOf(index), { force: true });
    } catch (error) {
      throw diskError(error, this.#staging.finalNameOf(index));
    }
  }

  #drop(index: number, code: ErrorCode): void {
    this.#failed.set(index, code);
    this.#parts.remove(index);
  }

  #mustNotBeGivenUp(): void {
    if (this.#givenUp) throw new DroplineError('CANCELLED');
  }

  #publishFile(index: number): void {
    const { fs, directory } = this.options;
    const part = this.#staging.pathOf(index);
    this.#savedFiles.set(index, publishFile(fs, part, directory, this.#staging.topOf(index)));
  }

  /** A file system that cannot hold this time still holds the file. */
  #setTime(fd: number, modifiedUs: number): void {
    const seconds = secondsOf(modifiedUs);
    attempt(() => {
      this.options.fs.futimesSync(fd, seconds, seconds);
    });
  }

  /** Deepest first: writing into a directory changes its time. */
  async #finishDirectories(): Promise<void> {
    const times = new Map<string, number>();
    this.options.entries.forEach((entry, index) => {
      if (entry.kind === 'directory' && entry.modifiedUs !== undefined) {
        times.set(this.#staging.pathOf(index), entry.modifiedUs);
      }
    });
    for (const path of this.#staging.directories) {
      this.#mustNotBeGivenUp();
      const modifiedUs = times.get(path);
      if (modifiedUs !== undefined) {
        const seconds = secondsOf(modifiedUs);
        attempt(() => {
          this.options.fs.utimesSync(path, seconds, seconds);
        });
      }
      await this.#syncs.directory(path);
    }
    await this.#syncs.settled();
    this.#mustNotBeGivenUp();
  }
}

/** A quarter of a microsecond more: what the system cuts off must not reach the next lower one. */
function secondsOf(modifiedUs: number): number {
  return (modifiedUs + 0.25) / 1e6;
}
