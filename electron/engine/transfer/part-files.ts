import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { DroplineError } from '../../../shared/errors.ts';
import { blockCount, equalBytes } from '../../../shared/protocol/hash-tree.ts';
import type { Entries, HashAlgorithm } from '../../../shared/protocol/messages.ts';
import type { EffortMeter } from './effort-meter.ts';
import { BlockHashes } from './hash.ts';
import { setFileTime } from './modified-times.ts';
import { isOpenElsewhere } from './open-elsewhere.ts';
import { markOrigin } from './origin-mark.ts';
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
  readonly entries: Entries;
  readonly hash: HashAlgorithm;
}

/** The files of a delivery that are begun and not yet whole. At most one of them is open. */
export class PartFiles {
  readonly #options: PartFilesOptions;
  /** Each has a file on the disk that we made. */
  readonly #begun = new Set<number>();
  /** The blocks of those that an earlier connection left, as they are on the disk now. */
  readonly #reused = new Map<number, BlockHashes>();
  /** Those that come to nothing, and that another program has open. */
  readonly #left = new Set<number>();
  #open: OpenFile | null = null;
  /** Of the connection that brings them: it counts the time of the disk. */
  meter: Pick<EffortMeter, 'disk'> | null = null;

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
    const open = this.#mustBeOpen();
    this.#writeAt(open, bytes, open.position);
    open.position += bytes.length;
    open.blocks.update(bytes, open.position === open.bytes);
  }

  /** Of the open file, whose blocks come in any order: whoever calls hashes them. Throws as `write` does. */
  writeAt(index: number, bytes: Uint8Array, position: number): void {
    this.#writeAt(this.#openFile(index), bytes, position);
  }

  hashesOf(index: number): BlockHashes {
    return this.#openFile(index).blocks;
  }

  /** No block is missing, and what was written has this hash. */
  holds(index: number, hash: Uint8Array): boolean {
    const { blocks, bytes } = this.#openFile(index);
    blocks.flush();
    const own = blocks.file(blockCount(bytes));
    return own !== null && equalBytes(own, hash);
  }

  /**
   * Tells the open file what it is besides its content. Answers how it is then; null: something made it
   * longer than it may be. Throws DISK_ERROR.
   */
  finish(index: number): BigIntStats | null {
    const { fd, bytes } = this.#openFile(index);
    const { staging, entries } = this.#options;
    const modifiedUs = entries.at(index)?.modifiedUs;
    const stat = this.#onDisk(index, (fs) => {
      markOrigin(fs, staging.pathOf(index)); // first: it changes the time
      if (modifiedUs !== undefined) setFileTime(fs, fd, modifiedUs);
      return fs.fstatSync(fd, { bigint: true });
    });
    return Number(stat.size) === bytes ? stat : null;
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
    this.#left.delete(index);
  }

  /** What another program has open is left to `removeLeft`. Throws DISK_ERROR, NO_PERMISSION. */
  remove(index: number): void {
    if (this.#open?.index === index) this.#close();
    if (!this.#begun.has(index)) return;
    const { fs, staging } = this.#options;
    try {
      this.#onDisk(index, () => {
        removeFile(fs, staging.pathOf(index));
      });
    } catch (error) {
      if (!isOpenElsewhere(fs, error)) throw error;
      this.#reused.delete(index);
      this.#left.add(index);
      return;
    }
    this.forget(index);
  }

  /** Nothing of what came to nothing may be in a folder that gets its name. Throws what `removePart` does. */
  async removeLeft(removePart: (path: string) => Promise<void>): Promise<void> {
    for (const index of this.#left) {
      await removePart(this.#options.staging.pathOf(index));
      this.forget(index);
    }
  }

  /** Nothing stays open; what was reused must be looked at again before it goes on. */
  suspend(): void {
    this.#close();
    this.#reused.clear();
  }

  #mustBeOpen(): OpenFile {
    if (this.#open === null) throw new DroplineError('INTERNAL', { reason: 'no open file' });
    return this.#open;
  }

  #writeAt({ fd, index }: OpenFile, bytes: Uint8Array, position: number): void {
    this.#onDisk(index, (fs) => {
      for (let at = 0; at < bytes.length;) {
        at += fs.writeSync(fd, bytes, at, bytes.length - at, position + at);
      }
    });
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
    const { staging, entries, hash } = this.#options;
    const entry = entries.at(index);
    const mode = entry?.kind === 'file' && entry.executable === true ? 0o777 : 0o666;
    const isNew = !this.#begun.has(index);
    const flags = isNew ? constants.O_CREAT | constants.O_EXCL : 0;
    const fd = this.#onDisk(index, (fs) => {
      const opened = fs.openSync(staging.pathOf(index), flags | constants.O_RDWR | NO_FOLLOW, mode);
      if (!isNew) this.#mustBeOurs(opened, index);
      return opened;
    });
    const blocks = this.#reused.get(index) ?? new BlockHashes(hash);
    this.#begun.add(index);
    this.#left.delete(index);
    const bytes = entry?.kind === 'file' ? entry.bytes : 0;
    this.#open = { index, fd, blocks, bytes, position: 0 };
    return this.#open;
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

  /** Only what asks the disk is in `call`: the rest is the processor's time. */
  #onDisk<T>(index: number, call: (fs: FileSystem) => T): T {
    const { fs, staging } = this.#options;
    try {
      return this.meter ? this.meter.disk(() => call(fs)) : call(fs);
    } catch (error) {
      throw diskError(error, staging.finalNameOf(index));
    }
  }
}
