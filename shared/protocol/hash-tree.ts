import { HASH_BYTES } from './binary-messages.ts';
import { grown } from './grown.ts';
import { BLOCK_BYTES } from './limits.ts';
import type { Listing } from './listing.ts';
import type { HashAlgorithm } from './messages.ts';
import { HASH_ALGORITHMS } from './messages.ts';
import { sortSteps } from './steps.ts';

/**
 * How files and transfers are hashed (PROTOCOL.md §6). A file's hash is the hash of its block hashes, a
 * transfer's that of its sorted (path, file hash) pairs, so no byte is ever hashed twice.
 */
export type Digest = (bytes: Uint8Array) => Uint8Array;

/** In UTF-8. */
const MAX_UNIT_BYTES = 3;

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

/** Takes what is hashed piece by piece. */
export interface RunningDigest {
  update(bytes: Uint8Array): unknown;
  finish(): Uint8Array;
}

/** So much is hashed at once: each call of the hash costs as much as a kilobyte. */
const HASHED_AT_ONCE_BYTES = 64 * 1024;

/**
 * Sorted by the UTF-8 bytes of the path joined by `/`; each is `path | 0x00 | file hash`. Yields after each
 * small step. Of a hundred thousand files all names stand in one buffer: an object for each would cost ten
 * times as much.
 */
export function* transferHashSteps(
  files: Listing<HashedFile>,
  digest: RunningDigest,
): Generator<void, Uint8Array> {
  const names = new NameBuffer();
  for (const { path } of files) {
    names.add(path.join('/'));
    yield;
  }
  const order = Array.from({ length: files.length }, (_, row) => row);
  let next = new Uint8Array(HASHED_AT_ONCE_BYTES);
  let used = 0;
  for (const row of yield* sortSteps(order, (a, b) => names.compare(a, b))) {
    const name = names.at(row);
    const rowBytes = name.length + 1 + HASH_BYTES;
    if (used + rowBytes > next.length) {
      digest.update(next.subarray(0, used));
      used = 0;
      if (rowBytes > next.length) next = grown(next, rowBytes);
      yield;
    }
    next.set(name, used);
    next[used + name.length] = 0;
    next.set(files.at(row)?.hash ?? [], used + name.length + 1);
    used += rowBytes;
  }
  digest.update(next.subarray(0, used));
  return digest.finish();
}

/** Names in UTF-8, one after the other as they came. */
class NameBuffer {
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(4096);
  /** Where each begins, and where the last one ends. */
  readonly #starts = [0];

  add(name: string): void {
    const start = this.#starts.at(-1) ?? 0;
    const wanted = start + name.length * MAX_UNIT_BYTES;
    if (wanted > this.#bytes.length) this.#bytes = grown(this.#bytes, wanted);
    const { written } = this.#encoder.encodeInto(name, this.#bytes.subarray(start));
    this.#starts.push(start + written);
  }

  at(row: number): Uint8Array {
    return this.#bytes.subarray(this.#startOf(row), this.#startOf(row + 1));
  }

  compare(a: number, b: number): number {
    const [startA, startB] = [this.#startOf(a), this.#startOf(b)];
    const [lengthA, lengthB] = [this.#startOf(a + 1) - startA, this.#startOf(b + 1) - startB];
    const shared = Math.min(lengthA, lengthB);
    for (let n = 0; n < shared; n++) {
      const difference = (this.#bytes[startA + n] ?? 0) - (this.#bytes[startB + n] ?? 0);
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  #startOf(row: number): number {
    return this.#starts[row] ?? 0;
  }
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
