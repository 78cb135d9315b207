import { createHash } from 'node:crypto';
import type { Item } from '../../shared/model/transfer.ts';
import { BLOCK_BYTES, MAX_OFFER_ITEMS } from '../../shared/protocol/limits.ts';
import { fileHash } from '../../shared/protocol/hash-tree.ts';
import type { Digest } from '../../shared/protocol/hash-tree.ts';
import { totalsOf } from '../../shared/protocol/manifest.ts';
import type { Entry, Message, MessageOf } from '../../shared/protocol/messages.ts';
import type { TransferId } from '../../shared/model/transfer.ts';

/** Files and directories in memory, as either end of a session has them. */

export interface MemoryEntry {
  readonly path: readonly string[];
  /** null: a directory. */
  readonly content: Uint8Array | null;
}

export const sha256: Digest = (bytes) => createHash('sha256').update(bytes).digest();

export function blockHashes(content: Uint8Array, blocks = Infinity): Uint8Array {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < content.length && hashes.length < blocks; at += BLOCK_BYTES) {
    hashes.push(sha256(content.subarray(at, at + BLOCK_BYTES)));
  }
  return new Uint8Array(Buffer.concat(hashes));
}

export function contentHash(content: Uint8Array): Uint8Array {
  return new Uint8Array(fileHash(blockHashes(content), sha256));
}

export function entriesOfTree(tree: readonly MemoryEntry[]): Entry[] {
  return tree.map(({ path, content }) =>
    content === null
      ? { kind: 'directory', path: [...path] }
      : { kind: 'file', path: [...path], bytes: content.length },
  );
}

export function itemsOf(entries: readonly Entry[]): Item[] {
  const items = new Map<string, Item>();
  for (const { kind, path } of entries) {
    const name = path[0] ?? '';
    if (items.has(name)) continue;
    items.set(name, { name, kind: kind === 'file' && path.length === 1 ? 'file' : 'folder' });
  }
  return [...items.values()];
}

export const TRANSFER_ID = '000102030405060708090a0b0c0d0e0f' as TransferId;

export function offerOf(entries: readonly Entry[]): Omit<MessageOf<'offer'>, 'type'> {
  const items = itemsOf(entries);
  return {
    transferId: TRANSFER_ID,
    items: items.slice(0, MAX_OFFER_ITEMS),
    itemCount: Math.max(1, items.length),
    ...totalsOf(entries),
    leftOut: 0,
  };
}

/** What a sender says until it is answered, offering these. */
export function spokenOffer(entries: readonly Entry[]): readonly Message[] {
  return [
    { type: 'hello', versions: [1], name: 'x', platform: 'linux', hashes: ['sha256'] },
    { type: 'offer', ...offerOf(entries) },
    { type: 'entries', entries: [...entries] },
  ];
}

/** Bytes that differ everywhere and from seed to seed, made fast. */
export function bytesOf(count: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(count);
  const words = new Uint32Array(bytes.buffer, 0, count >>> 2);
  let x = (seed * 2654435761) >>> 0 || 1;
  for (let n = 0; n < words.length; n++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[n] = x;
  }
  for (let n = words.length * 4; n < count; n++) bytes[n] = seed + n;
  return bytes;
}
