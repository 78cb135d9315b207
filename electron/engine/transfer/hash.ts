import type * as BlakeModule from '@napi-rs/blake-hash';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { HASH_BYTES } from '../../../shared/protocol/binary-messages.ts';
import type { Digest, RunningDigest } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';

/** Hashing as it is here: BLAKE3 where the addon loads on this machine, SHA-256 everywhere. */

type Blake = typeof BlakeModule;

const blake = loadBlake();

function loadBlake(): Blake | null {
  const load = createRequire(import.meta.url);
  // the package tells one Linux from another by a report on the whole process: most of a thread's start
  const usual =
    process.platform === 'linux' ? [`@napi-rs/blake-hash-linux-${process.arch}-gnu`] : [];
  for (const name of [...usual, '@napi-rs/blake-hash']) {
    try {
      return load(name) as Blake;
    } catch {
      continue;
    }
  }
  return null; // no prebuilt addon for this system: hello then offers SHA-256 alone
}

/** The same bytes as the addon's types want them; nothing is copied. */
function view(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Best first: this is what hello offers. */
export const availableHashes: readonly HashAlgorithm[] = blake ? ['blake3', 'sha256'] : ['sha256'];

const sha256: Digest = (bytes) => createHash('sha256').update(bytes).digest();
const blake3: Digest = blake ? (bytes) => blake.blake3(view(bytes)) : sha256;

export function digestOf(algorithm: HashAlgorithm): Digest {
  return algorithm === 'blake3' ? blake3 : sha256;
}

export function runningDigest(algorithm: HashAlgorithm): RunningDigest {
  if (algorithm === 'blake3' && blake) {
    const hasher = new blake.Blake3Hasher();
    return { update: (bytes) => hasher.update(view(bytes)), finish: () => hasher.digestBuffer() };
  }
  const hasher = createHash('sha256');
  return { update: (bytes) => hasher.update(bytes), finish: () => hasher.digest() };
}

/**
 * The block hashes of one file, filled in any order of ranges. A range begins at a block's start; it
 * ends at a block's end or at the end of the file.
 */
export class BlockHashes {
  readonly #algorithm: HashAlgorithm;
  readonly #digest: Digest;
  readonly #known: (Uint8Array | undefined)[] = [];
  #block = 0;
  #inBlockBytes = 0;
  #running: RunningDigest | null = null;

  constructor(algorithm: HashAlgorithm) {
    this.#algorithm = algorithm;
    this.#digest = digestOf(algorithm);
  }

  set(block: number, hash: Uint8Array): void {
    this.#known[block] = hash;
  }

  has(block: number): boolean {
    return this.#known[block] !== undefined;
  }

  /** It is written anew: until that is done it has none. */
  unset(block: number): void {
    this.#known[block] = undefined;
  }

  seek(offset: number): void {
    this.#block = offset / BLOCK_BYTES;
    this.#inBlockBytes = 0;
    this.#running = null;
  }

  /** `endsRange`: nothing comes after these in this range, as `flush` says, too. */
  update(bytes: Uint8Array, endsRange = false): void {
    for (let at = 0; at < bytes.length;) {
      const count = Math.min(BLOCK_BYTES - this.#inBlockBytes, bytes.length - at);
      const isLast = endsRange && at + count === bytes.length;
      this.#take(bytes.subarray(at, at + count), isLast);
      at += count;
    }
  }

  /** Ends the range: a last block shorter than the others counts as whole. */
  flush(): void {
    if (this.#running === null) return;
    this.#known[this.#block++] = this.#running.finish();
    this.#running = null;
    this.#inBlockBytes = 0;
  }

  /** The hashes of blocks 0 to count - 1, one after the other; null where one is missing. */
  first(count: number): Uint8Array | null {
    const all = new Uint8Array(count * HASH_BYTES);
    for (let block = 0; block < count; block++) {
      const hash = this.#known[block];
      if (!hash) return null;
      all.set(hash, block * HASH_BYTES);
    }
    return all;
  }

  /** The file's hash; null where a block is missing. */
  file(blocks: number): Uint8Array | null {
    const all = blocks === 1 ? (this.#known[0] ?? null) : this.first(blocks);
    return all && this.#digest(all);
  }

  /** A block in one piece, as of any small file, is hashed by one call. */
  #take(part: Uint8Array, isLast: boolean): void {
    if (this.#inBlockBytes === 0 && (isLast || part.length === BLOCK_BYTES)) {
      this.#known[this.#block++] = this.#digest(part);
      return;
    }
    this.#running ??= runningDigest(this.#algorithm);
    this.#running.update(part);
    this.#inBlockBytes += part.length;
    if (this.#inBlockBytes === BLOCK_BYTES) this.flush();
  }
}
