import { BLOCK_BYTES, SPREAD_FILE_BYTES } from './limits.ts';
import type { Entries, Entry, MessageOf } from './messages.ts';

/**
 * The order that a stream must keep (PROTOCOL.md §5.6): files by rising index, the ranges of a file by
 * rising offset without overlap and in whole blocks, nothing beyond the size in the offer, and nothing
 * unasked for.
 */
export interface Cursor {
  /** The file whose ranges are coming; null between files. */
  readonly open: Open | null;
  /** Every index up to this one is finished or was skipped. */
  readonly lastIndex: number;
  /** Files that had to end and did: those published need not, and do not count. */
  readonly endedFiles: number;
}

interface Open {
  readonly index: number;
  readonly offset: number;
  readonly left: number;
  /** It comes block by block in any order, some of them by lanes (§14). */
  readonly isSpread: boolean;
}

export const START: Cursor = { open: null, lastIndex: -1, endedFiles: 0 };

interface Expected {
  readonly entries: Entries;
  /** Files that the receiver says it has already; they come only where the source holds another. */
  readonly published: ReadonlySet<number>;
  /** Files that the receiver does not want; they must not be sent. */
  readonly skipped: { has(index: number): boolean };
}

/** Each answers the next cursor, or null where the order is broken. */
export function takeFile(
  cursor: Cursor,
  range: MessageOf<'file'>,
  expected: Expected,
): Cursor | null {
  const { index, offset, bytes } = range;
  const { open } = cursor;
  const isSpread = open?.isSpread ?? false;
  if (open !== null) {
    if (open.index !== index || open.left > 0) return null;
    if (!isSpread && offset < open.offset) return null;
  } else if (!mayBegin(cursor, index, expected)) return null;
  const entry = expected.entries.at(index);
  if (isSpread && !isBlock(range, entry)) return null;
  if (entry?.kind !== 'file' || bytes === 0 || offset + bytes > entry.bytes) return null;
  if (offset % BLOCK_BYTES !== 0) return null;
  if (offset + bytes < entry.bytes && bytes % BLOCK_BYTES !== 0) return null;
  const { lastIndex, endedFiles } = cursor;
  return { open: { index, offset, left: bytes, isSpread }, lastIndex, endedFiles };
}

/** The blocks of a file begin to come in any order (§14). */
export function takeSpread(cursor: Cursor, index: number, expected: Expected): Cursor | null {
  const entry = expected.entries.at(index);
  if (cursor.open !== null || !mayBegin(cursor, index, expected)) return null;
  if (entry?.kind !== 'file' || entry.bytes < SPREAD_FILE_BYTES) return null;
  return { ...cursor, open: { index, offset: 0, left: 0, isSpread: true } };
}

/** Just one block of that file, whole. */
export function isBlock(
  { offset, bytes }: Omit<MessageOf<'file'>, 'type'>,
  entry: Entry | undefined,
): boolean {
  if (entry?.kind !== 'file' || offset % BLOCK_BYTES !== 0 || offset >= entry.bytes) return false;
  return bytes === Math.min(BLOCK_BYTES, entry.bytes - offset);
}

export function takeData(cursor: Cursor, bytes: number): Cursor | null {
  const { open } = cursor;
  if (open === null || bytes > open.left) return null;
  return {
    open: {
      index: open.index,
      offset: open.offset + bytes,
      left: open.left - bytes,
      isSpread: open.isSpread,
    },
    lastIndex: cursor.lastIndex,
    endedFiles: cursor.endedFiles,
  };
}

/** A file may end without a range: it is empty, or the receiver has all of it. */
export function takeFileEnd(
  cursor: Cursor,
  index: number,
  whole: boolean,
  expected: Expected,
): Cursor | null {
  if (cursor.open !== null) {
    if (cursor.open.index !== index || (whole && cursor.open.left > 0)) return null;
  } else if (!mayBegin(cursor, index, expected)) return null;
  const counted = expected.published.has(index) ? 0 : 1;
  return { open: null, lastIndex: index, endedFiles: cursor.endedFiles + counted };
}

function mayBegin(cursor: Cursor, index: number, expected: Expected): boolean {
  return (
    index > cursor.lastIndex &&
    expected.entries.at(index)?.kind === 'file' &&
    !expected.skipped.has(index)
  );
}
