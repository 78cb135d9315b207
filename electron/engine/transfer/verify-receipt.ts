import { constants } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { CheckResult } from '../../../shared/model/check.ts';
import type { Problem, Problems } from '../../../shared/model/transfer.ts';
import { MAX_PROBLEM_EXAMPLES } from '../../../shared/model/transfer.ts';
import { blockCount, equalBytes } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import { BlockHashes, availableHashes } from './hash.ts';
import type { FileSystem } from './ports.ts';
import { NON_BLOCKING, NO_FOLLOW } from './ports.ts';
import type { Receipt, ReceivedFile } from './receipt.ts';
import { attempt, errnoOf } from './system-errors.ts';

/** What looking for a file costs, measured in bytes that are read. */
const LOOK_BYTES = 16 * 1024;

/** The system will not say now; anything else that goes wrong is the disk's fault. */
const CLOSED_TO_US: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EBUSY', 'EMFILE', 'ENFILE']);
const NOT_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

export interface VerifyOptions {
  readonly fs: FileSystem;
  /** Files that arrived: those the receipt cannot tell of any more count as not checked. */
  readonly arrived: number;
  readonly available?: readonly HashAlgorithm[];
  readonly isWanted: () => boolean;
  /** Called with all the bytes that were gone through so far. */
  readonly onBytes: (bytes: number) => void;
}

type Found =
  'intact' | 'FILE_CHANGED_SINCE' | 'FILE_GONE_SINCE' | 'SOURCE_UNREADABLE' | 'DISK_ERROR';

/**
 * Hashes everything that a receipt tells of as it is on the disk now. Changes nothing, and goes through no
 * link. null: nobody wants it any more. Throws HASH_UNAVAILABLE.
 */
export async function verifyReceipt(
  receipt: Receipt,
  options: VerifyOptions,
): Promise<CheckResult | null> {
  const { arrived, available = availableHashes, isWanted, onBytes } = options;
  const { hash } = receipt;
  if (!available.includes(hash)) throw new DroplineError('HASH_UNAVAILABLE', { hash });
  const reader = new FileReader(options, hash);
  const changed = new ProblemList();
  const missing = new ProblemList();
  const unchecked = new ProblemList();
  let intact = 0;
  let bytes = 0;
  for (const file of receipt.files()) {
    const found = await reader.look(file, (read) => {
      onBytes(bytes + read);
    });
    if (!isWanted()) return null;
    bytes += file.bytes;
    onBytes(bytes);
    if (found === 'intact') intact++;
    else if (found === 'FILE_CHANGED_SINCE') changed.add(file.name, found);
    else if (found === 'FILE_GONE_SINCE') missing.add(file.name, found);
    else unchecked.add(file.name, found);
  }
  unchecked.count += Math.max(0, arrived - receipt.count);
  return {
    files: Math.max(arrived, receipt.count),
    intact,
    changed: changed.problems,
    missing: missing.problems,
    unchecked: unchecked.problems,
  };
}

class ProblemList {
  readonly #examples: Problem[] = [];
  count = 0;

  add(path: string, code: ErrorCode): void {
    this.count++;
    if (this.#examples.length < MAX_PROBLEM_EXAMPLES) this.#examples.push({ path, code });
  }

  get problems(): Problems {
    return { count: this.count, examples: this.#examples };
  }
}

/** Reads one file after the other, and lets others have their turn after each block. */
class FileReader {
  readonly #fs: FileSystem;
  readonly #hash: HashAlgorithm;
  readonly #isWanted: () => boolean;
  readonly #buffer = new Uint8Array(BLOCK_BYTES);
  /** Whether the last folders that were looked at are folders. */
  #folders = new Map<string, boolean>();
  #sinceTurnBytes = 0;

  constructor({ fs, isWanted }: VerifyOptions, hash: HashAlgorithm) {
    this.#fs = fs;
    this.#hash = hash;
    this.#isWanted = isWanted;
  }

  async look(file: ReceivedFile, onRead: (bytes: number) => void): Promise<Found> {
    await this.#turn(LOOK_BYTES);
    try {
      if (!this.#areFolders(file.folders)) return 'FILE_GONE_SINCE';
      const stat = this.#fs.lstatSync(file.path, { throwIfNoEntry: false });
      if (!stat) return 'FILE_GONE_SINCE';
      // what is no plain file is not even opened: that alone may do something
      if (!stat.isFile() || stat.size !== file.bytes) return 'FILE_CHANGED_SINCE';
      const flags = constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING;
      const fd = this.#fs.openSync(file.path, flags);
      try {
        return (await this.#holds(fd, file, onRead)) ? 'intact' : 'FILE_CHANGED_SINCE';
      } finally {
        attempt(() => {
          this.#fs.closeSync(fd);
        });
      }
    } catch (error) {
      const errno = errnoOf(error);
      if (NOT_THERE.has(errno)) return 'FILE_GONE_SINCE';
      if (errno === 'ELOOP') return 'FILE_CHANGED_SINCE';
      return CLOSED_TO_US.has(errno) ? 'SOURCE_UNREADABLE' : 'DISK_ERROR';
    }
  }

  async #holds(
    fd: number,
    { bytes, hash }: ReceivedFile,
    onRead: (bytes: number) => void,
  ): Promise<boolean> {
    const hashes = new BlockHashes(this.#hash);
    for (let at = 0; at < bytes;) {
      const wanted = Math.min(BLOCK_BYTES - (at % BLOCK_BYTES), bytes - at);
      const count = this.#fs.readSync(fd, this.#buffer, 0, wanted, at);
      if (count === 0 || !this.#isWanted()) return false;
      hashes.update(this.#buffer.subarray(0, count));
      at += count;
      onRead(at);
      await this.#turn(count);
    }
    hashes.flush();
    const found = hashes.file(blockCount(bytes));
    // it may have been changed behind the place that was read
    const stat = this.#fs.fstatSync(fd);
    return found !== null && equalBytes(found, hash) && stat.isFile() && stat.size === bytes;
  }

  /** A link in place of a folder leads elsewhere: what is there is not what was saved here. */
  #areFolders(folders: readonly string[]): boolean {
    const last = this.#folders;
    this.#folders = new Map();
    for (const path of folders) {
      const isFolder =
        last.get(path) ??
        this.#fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
      this.#folders.set(path, isFolder);
      if (!isFolder) return false;
    }
    return true;
  }

  async #turn(bytes: number): Promise<void> {
    this.#sinceTurnBytes += bytes;
    if (this.#sinceTurnBytes < BLOCK_BYTES) return;
    this.#sinceTurnBytes = 0;
    await setImmediate();
  }
}
