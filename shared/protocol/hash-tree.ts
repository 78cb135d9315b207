import { BLOCK_BYTES } from './limits.ts';
import type { HashAlgorithm } from './messages.ts';
import { HASH_ALGORITHMS } from './messages.ts';
import { atOnce, sortSteps } from './steps.ts';

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
  return atOnce(transferHashSteps(files, digest));
}

/** The same; yields after each small step. */
export function* transferHashSteps(
  files: Iterable<HashedFile>,
  digest: Digest,
): Generator<void, Uint8Array> {
  const encoder = new TextEncoder();
  const rows: { readonly name: Uint8Array; readonly hash: Uint8Array }[] = [];
  let bytes = 0;
  for (const { path, hash } of files) {
    const name = encoder.encode(path.join('/'));
    rows.push({ name, hash });
    bytes += name.length + 1 + hash.length;
    yield;
  }
  const input = new Uint8Array(bytes);
  let at = 0;
  for (const { name, hash } of yield* sortSteps(rows, (a, b) => compareBytes(a.name, b.name))) {
    input.set(name, at);
    input.set(hash, at + name.length + 1);
    at += name.length + 1 + hash.length;
    yield;
  }
  return digest(input);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += HEX[byte] ?? '';
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
