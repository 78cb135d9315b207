import { BLOCK_BYTES } from './limits.ts';
import type { HashAlgorithm } from './messages.ts';
import { HASH_ALGORITHMS } from './messages.ts';

/**
 * How files and transfers are hashed (PROTOCOL.md §6). A file's hash is the hash of its block hashes, a
 * transfer's that of its sorted (path, file hash) pairs, so no byte is ever hashed twice.
 */
export type Digest = (bytes: Uint8Array) => Uint8Array;

export function blockCount(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES);
}

/** The first algorithm of the sender's list that the receiver has too; both sides compute the same. */
export function chooseHash(
  sender: readonly string[],
  receiver: readonly string[],
): HashAlgorithm | null {
  const chosen = sender.find((a) => receiver.includes(a));
  return HASH_ALGORITHMS.find((a) => a === chosen) ?? null;
}

export function fileHash(blockHashes: Uint8Array, digest: Digest): Uint8Array {
  return digest(blockHashes);
}

export interface HashedFile {
  readonly path: readonly string[];
  readonly hash: Uint8Array;
}

/** Sorted by the UTF-8 bytes of the path joined by `/`; each is `path | 0x00 | file hash`. */
export function transferHash(files: readonly HashedFile[], digest: Digest): Uint8Array {
  const encoder = new TextEncoder();
  const rows = files.map((f) => ({ name: encoder.encode(f.path.join('/')), hash: f.hash }));
  rows.sort((a, b) => compareBytes(a.name, b.name));
  const input = new Uint8Array(rows.reduce((n, r) => n + r.name.length + 1 + r.hash.length, 0));
  let at = 0;
  for (const row of rows) {
    input.set(row.name, at);
    input.set(row.hash, at + row.name.length + 1);
    at += row.name.length + 1 + row.hash.length;
  }
  return digest(input);
}

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let n = 0; n < shared; n++) {
    const difference = (a[n] ?? 0) - (b[n] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
