import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { DroplineError } from '../../../shared/errors.ts';
import type { Entries, Entry } from '../../../shared/protocol/messages.ts';
import type { InodeList } from './inode-list.ts';
import type { FileSystem } from './ports.ts';
import { NON_BLOCKING, NO_FOLLOW } from './ports.ts';
import { attempt, sourceError } from './system-errors.ts';

/**
 * Anything that can be asked for a range: files on a disk, or files that a browser page holds. The
 * protocol knows nothing of the difference.
 */
export interface Source {
  readonly entries: Entries;
  /** Where each top name lies, absolute. Absent: in a page. */
  readonly roots?: ReadonlyMap<string, string>;
  /** Throws SOURCE_CHANGED, SOURCE_UNREADABLE or PAGE_CLOSED. */
  open(index: number): Promise<SourceFile> | SourceFile;
  /** The same, beside a stream that reads; absent: `open` may be called then, too. */
  beside?(): Reading;
  /** The same, where everything answers at once: on a disk. */
  openAtHand?(index: number): FileAtHand;
  close(): void;
}

export type Reading = Pick<Source, 'open' | 'close'>;

/** Differs after anything has been written, and after less too. */
export type Stamp = string | bigint;

export interface SourceFile {
  /**
   * Fills the target from this offset and answers how many bytes it put there; fewer than asked for
   * only where the file has become shorter. A disk answers at once, a page later.
   */
  read(target: Uint8Array, offset: number): number | Promise<number>;
  /** As `check` answers it, when the file was opened. */
  readonly stamp: Stamp;
  /**
   * Throws SOURCE_CHANGED where the file is no longer what was opened. Answers a stamp, which differs after
   * anything has written to the file, and after less too: a reason to read it again.
   */
  check(): Stamp;
  close(): void;
}

export interface FileAtHand extends SourceFile {
  read(target: Uint8Array, offset: number): number;
}

/** Whole microseconds, never rounded up: the finest that futimes can set on every system we know. */
export function modifiedUsOf({ mtimeNs }: Pick<BigIntStats, 'mtimeNs'>): number {
  return mtimeNs > 0n ? Number(mtimeNs / 1000n) : 0;
}

/** Where a selection lives on disk: its top items by their name in the offer. */
export interface DiskSelection {
  readonly entries: Entries;
  /** Which file each entry was: a folder swapped for a link does not change what is sent. */
  readonly inodes: Pick<InodeList, 'is'>;
  readonly roots: ReadonlyMap<string, string>;
  /** Entries that are links to files inside the selection: what they stand for, by index. */
  readonly linkTargets: ReadonlyMap<number, string>;
}

export function diskSource(fs: FileSystem, selection: DiskSelection): Source {
  const open = (index: number): FileAtHand => new DiskFile(fs, selection, index);
  const { entries, roots } = selection;
  return { entries, roots, open, openAtHand: open, close: () => undefined };
}

function pathOf(selection: DiskSelection, index: number): string {
  const linked = selection.linkTargets.get(index);
  if (linked !== undefined) return linked;
  const [top = '', ...rest] = selection.entries.at(index)?.path ?? [];
  return join(selection.roots.get(top) ?? '', ...rest);
}

/** Throws SOURCE_CHANGED, SOURCE_UNREADABLE. */
class DiskFile implements FileAtHand {
  readonly stamp: Stamp;
  readonly #fs: FileSystem;
  readonly #entry: Entry | undefined;
  readonly #isIt: (inode: bigint) => boolean;
  readonly #path: string;
  readonly #fd: number;

  constructor(fs: FileSystem, selection: DiskSelection, index: number) {
    this.#fs = fs;
    this.#entry = selection.entries.at(index);
    this.#isIt = (inode) => selection.inodes.is(index, inode);
    this.#path = pathOf(selection, index);
    try {
      this.#fd = fs.openSync(this.#path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING);
    } catch (error) {
      throw sourceError(error, this.#path);
    }
    try {
      this.stamp = this.check();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  read(target: Uint8Array, offset: number): number {
    return readFully(this.#fs, this.#fd, target, offset, this.#path);
  }

  check(): Stamp {
    const now = this.#stat();
    const same =
      this.#entry?.kind === 'file' &&
      now.isFile() &&
      this.#isIt(now.ino) &&
      Number(now.size) === this.#entry.bytes &&
      modifiedUsOf(now) === this.#entry.modifiedUs;
    if (!same) throw new DroplineError('SOURCE_CHANGED', { path: this.#path });
    return now.ctimeNs; // no program can set this one back
  }

  close(): void {
    attempt(() => {
      this.#fs.closeSync(this.#fd); // what was read of it is checked by then
    });
  }

  #stat(): BigIntStats {
    try {
      return this.#fs.fstatSync(this.#fd, { bigint: true });
    } catch (error) {
      throw sourceError(error, this.#path);
    }
  }
}

function readFully(
  fs: FileSystem,
  fd: number,
  target: Uint8Array,
  offset: number,
  path: string,
): number {
  let total = 0;
  try {
    while (total < target.length) {
      const count = fs.readSync(fd, target, total, target.length - total, offset + total);
      if (count === 0) break;
      total += count;
    }
  } catch (error) {
    throw sourceError(error, path);
  }
  return total;
}
