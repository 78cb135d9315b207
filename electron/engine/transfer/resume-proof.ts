import { constants } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { HASH_BYTES } from '../../../shared/protocol/binary-messages.ts';
import type { PublishedFile } from '../../../shared/protocol/binary-messages.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { MessageOf } from '../../../shared/protocol/messages.ts';
import type { Delivery } from './destination.ts';
import { BlockHashes } from './hash.ts';
import { NON_BLOCKING, NO_FOLLOW } from './ports.ts';
import { diskError, errnoOf } from './system-errors.ts';

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
 * Hashes what lies on the disk of an interrupted delivery, as it is now, so that its cut-off files can
 * go on. The sender compares before it skips a byte. Stops early where nobody wants it any more.
 */
export async function proveHeld(delivery: Delivery, isWanted: () => boolean): Promise<Proof> {
  const { entries } = delivery.options;
  const files: PublishedFile[] = [];
  let keptBytes = 0;
  for (const index of delivery.wholeFiles.indexes()) {
    const hash = delivery.wholeFiles.get(index);
    const entry = entries.at(index);
    if (!hash || entry?.kind !== 'file') continue;
    files.push({ index, hash });
    keptBytes += entry.bytes;
  }
  const published: MessageOf<'published'>[] = [];
  for (let at = 0; at < files.length; at += HASHES_PER_MESSAGE) {
    published.push({ type: 'published', files: files.slice(at, at + HASHES_PER_MESSAGE) });
  }
  const have: MessageOf<'have'>[] = [];
  for (const index of delivery.parts.indexes) {
    const blocks = await hashWholeBlocks(delivery, index, isWanted);
    if (!blocks) {
      delivery.parts.forget(index);
      continue;
    }
    delivery.parts.reuse(index, blocks.hashes);
    have.push(...haveMessages(index, blocks.hashes, blocks.count));
    keptBytes += blocks.bytes;
  }
  return { have, published, keptBytes };
}

function haveMessages(index: number, blocks: BlockHashes, count: number): MessageOf<'have'>[] {
  const messages: MessageOf<'have'>[] = [];
  for (let firstBlock = 0; firstBlock < count; firstBlock += HASHES_PER_MESSAGE) {
    const hashes = new Uint8Array(Math.min(HASHES_PER_MESSAGE, count - firstBlock) * HASH_BYTES);
    for (let at = 0; at < hashes.length; at += HASH_BYTES) {
      const hash = blocks.at(firstBlock + at / HASH_BYTES);
      if (hash) hashes.set(hash, at);
    }
    messages.push({ type: 'have', index, firstBlock, hashes });
  }
  return messages;
}

/**
 * A block that was cut off in the middle is sent again; the last one of a file may be short. null: somebody
 * has taken the file away.
 */
async function hashWholeBlocks(
  delivery: Delivery,
  index: number,
  isWanted: () => boolean,
): Promise<{ hashes: BlockHashes; count: number; bytes: number } | null> {
  const { fs, hash, entries } = delivery.options;
  const entry = entries.at(index);
  const fileBytes = entry?.kind === 'file' ? entry.bytes : 0;
  const hashes = new BlockHashes(hash);
  const buffer = new Uint8Array(BLOCK_BYTES);
  const path = delivery.staging.pathOf(index);
  let bytes = 0;
  let count = 0;
  try {
    const fd = fs.openSync(path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING);
    try {
      for (; bytes < fileBytes; count++) {
        if (count % BLOCKS_PER_TURN === 0) await setImmediate();
        const wanted = Math.min(BLOCK_BYTES, fileBytes - bytes);
        if (!isWanted() || fs.readSync(fd, buffer, 0, wanted, bytes) < wanted) break;
        hashes.update(buffer.subarray(0, wanted));
        hashes.flush();
        bytes += wanted;
      }
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw diskError(error, path);
  }
  return { hashes, count, bytes };
}
