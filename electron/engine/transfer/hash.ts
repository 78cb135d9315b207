import type * as BlakeModule from '@napi-rs/blake-hash';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Digest, RunningDigest } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import { HashList } from './hash-list.ts';

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
  readonly #known = new HashList();
  #block = 0;
  #inBlockBytes = 0;
  #running: RunningDigest | null = null;

  constructor(algorithm: HashAlgorithm) {
    this.#algorithm = algorithm;
    this.#digest = digestOf(algorithm);
  }

  set(block: number, hash: Uint8Array): void {
    this.#known.set(block, hash);
  }

  has(block: number): boolean {
    return this.#known.has(block);
  }

  /** It is written anew: until that is done it has none. */
  unset(block: number): void {
    this.#known.delete(block);
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
    this.#known.set(this.#block++, this.#running.finish());
    this.#running = null;
    this.#inBlockBytes = 0;
  }

  /** A view of what it is now, not a copy; null: not known. */
  at(block: number): Uint8Array | null {
    return this.#known.at(block);
  }

  /** The file's hash; null where a block is missing. */
  file(blocks: number): Uint8Array | null {
    const views = this.#known.first(blocks);
    if (views === null) return null;
    if (views.length === 1 && views[0]) return this.#digest(views[0]);
    const running = runningDigest(this.#algorithm);
    for (const view of views) running.update(view);
    return running.finish();
  }

  /** A block in one piece, as of any small file, is hashed by one call. */
  #take(part: Uint8Array, isLast: boolean): void {
    if (this.#inBlockBytes === 0 && (isLast || part.length === BLOCK_BYTES)) {
      this.#known.set(this.#block++, this.#digest(part));
      return;
    }
    this.#running ??= runningDigest(this.#algorithm);
    this.#running.update(part);
    this.#inBlockBytes += part.length;
    if (this.#inBlockBytes === BLOCK_BYTES) this.flush();
  }
}
