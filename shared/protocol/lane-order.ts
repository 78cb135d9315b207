import { SPREAD_FILE_BYTES } from './limits.ts';
import type { Entries, MessageOf } from './messages.ts';
import type { Cursor } from './stream-order.ts';
import { isBlock } from './stream-order.ts';

/**
 * The order that a lane must keep (PROTOCOL.md §14.4): whole blocks of the file that the session has
 * spread. A lane may be ahead of its session, never behind it.
 */
export interface LaneCursor {
  /** What is to come of the block under way; null between blocks. */
  readonly left: number | null;
}

export const LANE_START: LaneCursor = { left: null };

interface SessionNow {
  readonly cursor: Cursor;
  readonly entries: Entries;
  readonly skipped: { has(index: number): boolean };
}

/**
 * `file` on a lane. 'later': the session has not come to that file yet. 'over': that file has ended, so the
 * sender has given the lane up, and this was still on its way. null: a violation. A block that was not whole
 * is given up with it.
 */
export function takeLaneFile(
  block: Omit<MessageOf<'file'>, 'type'>,
  { cursor, entries, skipped }: SessionNow,
): LaneCursor | 'later' | 'over' | null {
  const entry = entries.at(block.index);
  if (entry?.kind !== 'file' || entry.bytes < SPREAD_FILE_BYTES) return null;
  if (skipped.has(block.index) || !isBlock(block, entry)) return null;
  const { open, lastIndex } = cursor;
  if (open?.index === block.index) return open.isSpread ? { left: block.bytes } : null;
  return block.index > (open?.index ?? lastIndex) ? 'later' : 'over';
}

/** null: more than is left of the block, or outside of one. */
export function takeLaneData({ left }: LaneCursor, bytes: number): LaneCursor | null {
  if (left === null || bytes > left) return null;
  return { left: left === bytes ? null : left - bytes };
}
