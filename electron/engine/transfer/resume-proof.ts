import { constants } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { HASH_BYTES } from '../../../shared/protocol/binary-messages.ts';
import type { PublishedFile } from '../../../shared/protocol/binary-messages.ts';
import { blockCount } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { MessageOf } from '../../../shared/protocol/messages.ts';
import type { Delivery } from './destination.ts';
import { BlockHashes } from './hash.ts';
import { NO_FOLLOW } from './ports.ts';

/** What the receiver tells the sender that it has already (PROTOCOL.md §5.4, §5.5). */
export interface Proof {
  readonly have: readonly MessageOf<'have'>[];
  readonly published: readonly MessageOf<'published'>[];
  readonly keptBytes: number;
}

export const NOTHING_HELD: Proof = { have: [], published: [], keptBytes: 0 };

/** Records in one message: each stays well below MAX_FRAME_BYTES. */
const HASHES_PER_MESSAGE = 16_384;
/** Blocks read before other transfers of this thread get their turn. */
const BLOCKS_PER_TURN = 16;

/**
 * Hashes what lies on the disk of an interrupted delivery, as it is now, and opens its cut-off file for
 * going on. The sender compares before it skips a byte.
 */
export async function proveHeld(delivery: Delivery): Promise<Proof> {
  const { entries } = delivery.options;
  const files: PublishedFile[] = [];
  for (const index of delivery.wholeFiles.indexes()) {
    const whole = delivery.wholeFiles.get(index);
    if (whole) files.push({ index, hash: whole });
  }
  const published: MessageOf<'published'>[] = [];
  for (let at = 0; at < files.length; at += HASHES_PER_MESSAGE) {
    published.push({ type: 'published', files: files.slice(at, at + HASHES_PER_MESSAGE) });
  }
  let keptBytes = 0;
  for (const { index } of files) {
    const entry = entries[index];
    if (entry?.kind === 'file') keptBytes += entry.bytes;
  }
  const partial = delivery.partial;
  if (partial === null) return { have: [], published, keptBytes };
  const blocks = await hashWholeBlocks(delivery, partial);
  delivery.reopen(partial, blocks.hashes);
  const have: MessageOf<'have'>[] = [];
  const all = blocks.hashes.first(blocks.count) ?? new Uint8Array(0);
  for (let first = 0; first < blocks.count; first += HASHES_PER_MESSAGE) {
    const hashes = all.slice(first * HASH_BYTES, (first + HASHES_PER_MESSAGE) * HASH_BYTES);
    have.push({ type: 'have', index: partial, firstBlock: first, hashes });
  }
  return { have, published, keptBytes: keptBytes + blocks.count * BLOCK_BYTES };
}

/** Only whole blocks count: a part of one is sent again. */
async function hashWholeBlocks(
  delivery: Delivery,
  index: number,
): Promise<{ hashes: BlockHashes; count: number }> {
  const { fs, hash, entries } = delivery.options;
  const entry = entries[index];
  const limit = entry?.kind === 'file' ? blockCount(entry.bytes) : 0;
  const hashes = new BlockHashes(hash);
  const buffer = new Uint8Array(BLOCK_BYTES);
  const flags = constants.O_RDONLY | NO_FOLLOW;
  const fd = fs.openSync(delivery.partialPath(index), flags);
  let count = 0;
  try {
    for (; count < limit; count++) {
      if (count % BLOCKS_PER_TURN === 0) await setImmediate();
      const got = fs.readSync(fd, buffer, 0, BLOCK_BYTES, count * BLOCK_BYTES);
      if (got < BLOCK_BYTES) break;
      hashes.update(buffer);
    }
  } finally {
    fs.closeSync(fd);
  }
  return { hashes, count };
}
