import { blockCount } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';

/** A part of a file that is sent in one go. */
export interface Range {
  readonly offset: number;
  readonly bytes: number;
}

/** Which blocks are not to be sent. */
export interface Kept {
  has(block: number): boolean;
}

export const NOTHING_KEPT: Kept = { has: () => false };

/** What is to be sent of a file: everything but the kept blocks, neighbours joined. Made one by one. */
export function* rangesOf(bytes: number, keep: Kept): Generator<Range, undefined> {
  let from: number | null = null;
  for (let block = 0; block < blockCount(bytes); block++) {
    const wanted = !keep.has(block);
    if (wanted) from ??= block * BLOCK_BYTES;
    else if (from !== null) {
      yield { offset: from, bytes: block * BLOCK_BYTES - from };
      from = null;
    }
  }
  if (from !== null) yield { offset: from, bytes: bytes - from };
}

export function bytesOf(ranges: Iterable<Range>): number {
  let sum = 0;
  for (const { bytes } of ranges) sum += bytes;
  return sum;
}
