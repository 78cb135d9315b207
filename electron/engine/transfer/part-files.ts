import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { DroplineError } from '../../../shared/errors.ts';
import { blockCount, equalBytes } from '../../../shared/protocol/hash-tree.ts';
import type { Entry, HashAlgorithm } from '../../../shared/protocol/messages.ts';
import { BlockHashes } from './hash.ts';
import type { FileSystem } from './ports.ts';
import { NO_FOLLOW } from './ports.ts';
import { removeFile } from './staged-removal.ts';
import type { Staging } from './staging.ts';
import { attempt, diskError } from './system-errors.ts';

interface OpenFile {
  readonly index: number;
  readonly fd: number;
  readonly blocks: BlockHashes;
  /** That it has when it is whole. */
  readonly bytes: number;
  position: number;
}

export interface PartFilesOptions {
  readonly fs: FileSystem;
  readonly staging: Staging;
  readonly entries: readonly Entry[];
  readonly hash: HashAlgorithm;
}

/** The files of a delivery that are begun and not yet whole. At most one of them is open. */
export class PartFiles {
  readonly #options: PartFilesOptions;
  /** Each has a file on the disk that we made. */
  readonly #begun = new Set<number>();
  /** The blocks of those that an earlier connection left, as they are on the disk now. */
  readonly #reused = new Map<number, BlockHashes>();
  #open: OpenFile | null = null;

  constructor(options: PartFilesOptions) {
    this.#options = options;
  }

  /** In the order of the offer. */
  get indexes(): readonly number[] {
    return [...this.#begun].sort((a, b) => a - b);
  }

  /** There is a file of ours for it already. */
  takeUp(index: number): void {
    this.#begun.add(index);
  }

  /** A file that was cut off goes on with the blocks that it has. */
  reuse(index: number, blocks: BlockHashes): void {
    this.#reused.set(index, blocks);
  }

  openRange(index: number, offset: number): void {
    const open = this.#openFile(index);
    open.blocks.flush();
    open.blocks.seek(offset);
    open.position = offset;
  }

  /** Throws DISK_ERROR, DISK_FULL. */
  write(bytes: Uint8Array): void {
    const open = this.#open;
    if (open === null) throw new DroplineError('INTERNAL', { reason: 'no open file' });
    const { fs } = this.#options;
    try {
      for (let at = 0; at < bytes.length;) {
        at += fs.writeSync(open.fd, bytes, at, bytes.length - at, open.position + at);
      }
    } catch (error) {
      throw this.#diskError(error, open.index);
    }
    open.position += bytes.length;
    open.blocks.update(bytes, open.position === open.bytes);
  }

  /** No block is missing, and what was written has this hash. */
  holds(index: number, hash: Uint8Array): boolean {
    const { blocks, bytes } = this.#openFile(index);
    blocks.flush();
    const own = blocks.file(blockCount(bytes));
    return own !== null && equalBytes(own, hash);
  }

  fd(index: number): number {
    return this.#openFile(index).fd;
  }

  /** How it is on the disk; null: something made it longer than it may be. Throws DISK_ERROR. */
  stat(index: number): BigIntStats | null {
    const { fd, bytes } = this.#openFile(index);
    try {
      const stat = this.#options.fs.fstatSync(fd, { bigint: true });
      return Number(stat.size) === bytes ? stat : null;
    } catch (error) {
      throw this.#diskError(error, index);
    }
  }

  /** Hands the open file out, to be synced and closed; it stays among those begun. */
  take(index: number): number {
    const { fd } = this.#openFile(index);
    this.#open = null;
    return fd;
  }

  /** It is whole, and has another name or another keeper. */
  forget(index: number): void {
    this.#begun.delete(index);
    this.#reused.delete(index);
  }

  /** Throws DISK_ERROR, NO_PERMISSION. */
  remove(index: number): void {
    if (this.#open?.index === index) this.#close();
    if (!this.#begun.has(index)) return;
    const { fs, staging } = this.#options;
    try {
      removeFile(fs, staging.pathOf(index));
    } catch (error) {
      throw this.#diskError(error, index);
    }
    this.forget(index);
  }

  /** Nothing stays open; what was reused must be looked at again before it goes on. */
  suspend(): void {
    this.#close();
    this.#reused.clear();
  }

  #close(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    attempt(() => {
      this.#options.fs.closeSync(open.fd); // what did not reach the disk shows when it is hashed again
    });
  }

  #openFile(index: number): OpenFile {
    if (this.#open?.index === index) return this.#open;
    if (this.#open !== null)
      throw new DroplineError('INTERNAL', { reason: 'another file is open' });
    const { fs, staging, entries, hash } = this.#options;
    const entry = entries[index];
    const mode = entry?.kind === 'file' && entry.executable === true ? 0o777 : 0o666;
    const isNew = !this.#begun.has(index);
    const flags = isNew ? constants.O_CREAT | constants.O_EXCL : 0;
    try {
      const fd = fs.openSync(staging.pathOf(index), flags | constants.O_RDWR | NO_FOLLOW, mode);
      if (!isNew) this.#mustBeOurs(fd, index);
      const blocks = this.#reused.get(index) ?? new BlockHashes(hash);
      this.#begun.add(index);
      const bytes = entry?.kind === 'file' ? entry.bytes : 0;
      this.#open = { index, fd, blocks, bytes, position: 0 };
      return this.#open;
    } catch (error) {
      throw this.#diskError(error, index);
    }
  }

  /** A second name of it may be anybody's file. */
  #mustBeOurs(fd: number, index: number): void {
    const { fs, staging } = this.#options;
    const stat = fs.fstatSync(fd);
    if (stat.isFile() && stat.nlink <= 1) return;
    fs.closeSync(fd);
    const path = staging.finalNameOf(index);
    throw new DroplineError('DISK_ERROR', { path, reason: 'EMLINK' });
  }

  #diskError(error: unknown, index: number): DroplineError {
    return diskError(error, this.#options.staging.finalNameOf(index));
  }
}
