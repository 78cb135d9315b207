import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { DroplineError } from '../../../shared/errors.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import type { FileSystem } from './ports.ts';
import { NON_BLOCKING, NO_FOLLOW } from './ports.ts';
import { attempt, sourceError } from './system-errors.ts';

/**
 * Anything that can be asked for a range: files on a disk, or files that a browser page holds. The
 * protocol knows nothing of the difference.
 */
export interface Source {
  readonly entries: readonly Entry[];
  /** Throws SOURCE_CHANGED, SOURCE_UNREADABLE or PAGE_CLOSED. */
  open(index: number): Promise<SourceFile> | SourceFile;
  close(): void;
}

export interface SourceFile {
  /**
   * Fills the target from this offset and answers how many bytes it put there; fewer than asked for
   * only where the file has become shorter. A disk answers at once, a page later.
   */
  read(target: Uint8Array, offset: number): number | Promise<number>;
  /** As `check` answers it, when the file was opened. */
  readonly stamp: string;
  /**
   * Throws SOURCE_CHANGED where the file is no longer what was opened. Answers a stamp, which differs after
   * anything has written to the file, and after less too: a reason to read it again.
   */
  check(): string;
  close(): void;
}

/** Whole microseconds, never rounded up: the finest that futimes can set on every system we know. */
export function modifiedUsOf({ mtimeNs }: Pick<BigIntStats, 'mtimeNs'>): number {
  return mtimeNs > 0n ? Number(mtimeNs / 1000n) : 0;
}

/** Where a selection lives on disk: its top items by their name in the offer. */
export interface DiskSelection {
  readonly entries: readonly Entry[];
  /** Which file each entry was: a folder swapped for a link does not change what is sent. */
  readonly inodes: readonly bigint[];
  readonly roots: ReadonlyMap<string, string>;
  /** Entries that are links to files inside the selection: what they stand for, by index. */
  readonly linkTargets: ReadonlyMap<number, string>;
}

export function diskSource(fs: FileSystem, selection: DiskSelection): Source {
  return {
    entries: selection.entries,
    open: (index) => openFile(fs, selection, index),
    close: () => undefined,
  };
}

function pathOf(selection: DiskSelection, index: number): string {
  const linked = selection.linkTargets.get(index);
  if (linked !== undefined) return linked;
  const [top = '', ...rest] = selection.entries[index]?.path ?? [];
  return join(selection.roots.get(top) ?? '', ...rest);
}

function openFile(fs: FileSystem, selection: DiskSelection, index: number): SourceFile {
  const path = pathOf(selection, index);
  const entry = selection.entries[index];
  let fd: number;
  try {
    fd = fs.openSync(path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING);
  } catch (error) {
    throw sourceError(error, path);
  }
  const stat = (): BigIntStats => {
    try {
      return fs.fstatSync(fd, { bigint: true });
    } catch (error) {
      throw sourceError(error, path);
    }
  };
  const check = (): string => {
    const now = stat();
    const same =
      entry?.kind === 'file' &&
      now.isFile() &&
      now.ino === selection.inodes[index] &&
      Number(now.size) === entry.bytes &&
      modifiedUsOf(now) === entry.modifiedUs;
    if (!same) throw new DroplineError('SOURCE_CHANGED', { path });
    return String(now.ctimeNs); // no program can set this one back
  };
  const close = (): void => {
    attempt(() => {
      fs.closeSync(fd); // what was read of it is checked by then
    });
  };
  try {
    const read: SourceFile['read'] = (target, offset) => readFully(fs, fd, target, offset, path);
    return { read, stamp: check(), check, close };
  } catch (error) {
    close();
    throw error;
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
