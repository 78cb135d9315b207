import { constants } from 'node:fs';
import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { Problem } from '../../../shared/model/transfer.ts';
import type { HashedFile } from '../../../shared/protocol/hash-tree.ts';
import { blockCount, equalBytes, toHex, transferHash } from '../../../shared/protocol/hash-tree.ts';
import type { Entry, HashAlgorithm } from '../../../shared/protocol/messages.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import { FileHashes } from './file-hashes.ts';
import { BlockHashes, digestOf } from './hash.ts';
import type { FileSystem } from './ports.ts';
import { NO_FOLLOW } from './ports.ts';
import { publishFile } from './publish.ts';
import { Staging } from './staging.ts';
import { diskError } from './system-errors.ts';
import { SyncQueue } from './sync-queue.ts';

export interface DeliveryOptions {
  readonly fs: FileSystem;
  readonly directory: string;
  readonly transferId: string;
  readonly entries: readonly Entry[];
  /** The receiver's own plan of every path (wire-path.ts), by entry. */
  readonly saved: readonly (readonly string[])[];
  readonly hash: HashAlgorithm;
}

interface OpenFile {
  readonly index: number;
  readonly fd: number;
  readonly blocks: BlockHashes;
  position: number;
}

/**
 * One transfer on its way to the disk, over as many connections as it takes. What it writes has a hidden
 * name until its hash holds and the disk has it; then it is published, never over anything that exists.
 * Once finished it takes no more: a sender that did not hear of it is only told again.
 */
export class Delivery {
  readonly options: DeliveryOptions;
  readonly #staging: Staging;
  readonly #syncs: SyncQueue;
  /** The hash of each file that is whole, by index: what the sender said and we computed. */
  readonly #whole: FileHashes;
  readonly #failed = new Map<number, ErrorCode>();
  readonly #declared: FileHashes;
  readonly #saved: string[] = [];
  #open: OpenFile | null = null;
  #partial: number | null = null;
  #finished = false;
  #transferHash: string | null = null;

  constructor(options: DeliveryOptions) {
    this.options = options;
    this.#staging = new Staging(options.fs, options.directory, options.transferId, options.saved);
    this.#syncs = new SyncQueue(options.fs);
    this.#whole = new FileHashes(options.entries.length);
    this.#declared = new FileHashes(options.entries.length);
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
    return this.#saved[0] ?? null;
  }

  /** `alg:hex` of all that was received; null until it is finished. */
  get transferHash(): string | null {
    return this.#transferHash;
  }

  get wholeFiles(): FileHashes {
    return this.#whole;
  }

  /** The file that was cut off in the middle, if any. */
  get partial(): number | null {
    return this.#partial;
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

  /** Continues a cut-off file with the blocks that it has. */
  reopen(index: number, blocks: BlockHashes): void {
    const path = this.#staging.pathOf(index);
    const fd = this.options.fs.openSync(path, constants.O_RDWR | NO_FOLLOW);
    this.#open = { index, fd, blocks, position: 0 };
    this.#partial = null;
  }

  openRange(index: number, offset: number): void {
    if (this.#finished) return;
    const open = this.#open?.index === index ? this.#open : this.#create(index);
    open.blocks.flush();
    open.blocks.seek(offset);
    open.position = offset;
  }

  write(bytes: Uint8Array): void {
    if (this.#finished) return;
    const open = this.#open;
    if (open === null) throw new DroplineError('INTERNAL', { reason: 'no open file' });
    try {
      for (let at = 0; at < bytes.length;) {
        const { fs } = this.options;
        const count = fs.writeSync(open.fd, bytes, at, bytes.length - at, open.position + at);
        at += count;
      }
    } catch (error) {
      throw diskError(error, this.#staging.finalNameOf(open.index));
    }
    open.position += bytes.length;
    open.blocks.update(bytes);
  }

  /** The sender says this file is whole. One whose hash differs is thrown away and reported. */
  endFile(index: number, declared: Uint8Array): void {
    if (this.#finished) return;
    const open = this.#open?.index === index ? this.#open : this.#create(index);
    const entry = this.options.entries[index];
    open.blocks.flush();
    const blocks = entry?.kind === 'file' ? blockCount(entry.bytes) : 0;
    const hash = open.blocks.file(blocks);
    this.#declared.set(index, declared);
    if (hash === null || !equalBytes(hash, declared)) {
      this.#drop(index, 'HASH_MISMATCH');
      return;
    }
    this.#open = null;
    if (entry?.modifiedUs !== undefined) this.#setTime(open.fd, entry.modifiedUs);
    this.#syncs.add(open.fd, () => {
      if (this.#staging.isTopFile(index)) this.#publishFile(index);
      this.#whole.set(index, hash);
    });
  }

  /** The sender could not read it to its end. */
  dropFile(index: number, code: ErrorCode): void {
    if (this.#finished) return;
    this.#declared.delete(index);
    this.#drop(index, code);
  }

  #drop(index: number, code: ErrorCode): void {
    this.#failed.set(index, code);
    if (this.#open?.index !== index) return;
    this.options.fs.closeSync(this.#open.fd);
    this.options.fs.unlinkSync(this.#staging.pathOf(index));
    this.#open = null;
  }

  /** The wire was cut: keeps what is here for a later connection. */
  async suspend(): Promise<void> {
    if (this.#open !== null) {
      this.#partial = this.#open.index;
      this.options.fs.closeSync(this.#open.fd);
      this.#open = null;
    }
    await this.#syncs.settled().catch(() => undefined); // the next connection meets the same disk
  }

  /**
   * Waits for the disk, checks the whole against the sender's hash and gives the folders their final
   * names. Throws HASH_MISMATCH, DISK_FULL, NO_PERMISSION, DISK_ERROR.
   */
  async finish(expectedHex: string): Promise<void> {
    await this.#syncs.settled();
    if (this.#finished) return;
    const { entries, hash } = this.options;
    const files: HashedFile[] = [];
    entries.forEach((entry, index) => {
      const fileHash = this.#declared.get(index) ?? this.#whole.get(index);
      if (fileHash) files.push({ path: entry.path, hash: fileHash });
    });
    if (toHex(transferHash(files, digestOf(hash))) !== expectedHex) {
      throw new DroplineError('HASH_MISMATCH');
    }
    this.#transferHash = `${hash}:${expectedHex}`;
    await this.#finishDirectories();
    await this.#syncs.settled();
    this.#saved.unshift(...this.#staging.publishFolders());
    await this.#syncs.directory(this.options.directory);
    await this.#syncs.settled();
    this.#finished = true;
  }

  /** Files and bytes that are whole, and what is not. */
  report(): { files: number; bytes: number; failed: FileProblem[]; problems: Problem[] } {
    let bytes = 0;
    for (const index of this.#whole.indexes()) {
      const entry = this.options.entries[index];
      if (entry?.kind === 'file') bytes += entry.bytes;
    }
    const failed = [...this.#failed].map(([index, code]) => ({ index, code }));
    const problems = failed.map(({ index, code }) => ({
      path: this.#staging.finalNameOf(index),
      code,
    }));
    return { files: this.#whole.size, bytes, failed, problems };
  }

  /** Gives up: removes everything of this transfer that is not published. */
  async discard(): Promise<void> {
    await this.suspend();
    if (this.#finished) return;
    if (this.#partial !== null && this.#staging.isTopFile(this.#partial)) {
      this.options.fs.rmSync(this.#staging.pathOf(this.#partial), { force: true });
    }
    this.#partial = null;
    this.#staging.discard();
  }

  #create(index: number): OpenFile {
    const { fs, entries, hash } = this.options;
    const path = this.#staging.pathOf(index);
    const entry = entries[index];
    const mode = entry?.kind === 'file' && entry.executable === true ? 0o777 : 0o666;
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | NO_FOLLOW;
    try {
      const fd = fs.openSync(path, flags, mode);
      this.#failed.delete(index);
      this.#open = { index, fd, blocks: new BlockHashes(hash), position: 0 };
      return this.#open;
    } catch (error) {
      throw diskError(error, this.#staging.finalNameOf(index));
    }
  }

  #publishFile(index: number): void {
    const { fs, directory } = this.options;
    const part = this.#staging.pathOf(index);
    this.#saved.push(publishFile(fs, part, directory, this.#staging.topOf(index)));
  }

  #setTime(fd: number, modifiedUs: number): void {
    try {
      // a quarter of a microsecond more: what the system cuts off must not reach the next lower one
      const seconds = (modifiedUs + 0.25) / 1e6;
      this.options.fs.futimesSync(fd, seconds, seconds);
    } catch {
      // a file system that cannot hold this time still holds the file
    }
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
      const modifiedUs = times.get(path);
      if (modifiedUs !== undefined) {
        const seconds = (modifiedUs + 0.25) / 1e6;
        this.options.fs.utimesSync(path, seconds, seconds);
      }
      await this.#syncs.directory(path);
    }
  }
}
