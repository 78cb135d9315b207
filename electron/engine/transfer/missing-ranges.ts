import { blockCount } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';

/** A part of a file that is sent in one go. */
export interface Range {
  readonly offset: number;
  readonly bytes: number;
}

/** What is to be sent of a file: everything but the kept blocks, neighbours joined. */
export function rangesOf(bytes: number, keep: readonly boolean[]): Range[] {
  const ranges: Range[] = [];
  let from: number | null = null;
  for (let block = 0; block < blockCount(bytes); block++) {
    const wanted = keep[block] !== true;
    if (wanted && from === null) from = block * BLOCK_BYTES;
    if (!wanted && from !== null) {
      ranges.push({ offset: from, bytes: block * BLOCK_BYTES - from });
      from = null;
    }
  }
  if (from !== null) ranges.push({ offset: from, bytes: bytes - from });
  return ranges;
}

export function bytesOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { bytes }) => sum + bytes, 0);
}
