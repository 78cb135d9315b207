import type { BigIntStats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { equalBytes } from '../../../shared/protocol/hash-tree.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { DiskHasher } from './disk-hasher.ts';
import type { FileHashes } from './file-hashes.ts';
import type { FileSystem } from './ports.ts';
import { lookAt } from './replace.ts';
import type { Staging } from './staging.ts';

const FILES_PER_TURN = 500;
/** Inode, size and time. */
const WORDS = 3;
const WORD_BITS = 64;

/** How each whole file was when its last byte was written: another program may change it before it has its name. */
export class FileStamps {
  readonly #options: DeliveryOptions;
  readonly #staging: Staging;
  /** By index: three words for each file that was written, as there may be a hundred thousand. */
  readonly #stamps: BigInt64Array;
  readonly #isKnown: Uint8Array;

  constructor(options: DeliveryOptions, staging: Staging) {
    this.#options = options;
    this.#staging = staging;
    const { length } = options.entries;
    this.#stamps = new BigInt64Array(length * WORDS);
    this.#isKnown = new Uint8Array(length);
  }

  written(index: number, { ino, size, mtimeNs }: BigIntStats): void {
    this.#stamps[index * WORDS] = ino;
    this.#stamps[index * WORDS + 1] = size;
    this.#stamps[index * WORDS + 2] = mtimeNs;
    this.#isKnown[index] = 1;
  }

  /** Where it looks different it is read: a system may have given it another time. */
  async isSound(index: number, hash: Uint8Array): Promise<boolean> {
    return this.#looksTheSame(index) || this.#holds(index, hash);
  }

  /** Of what is staged and whole: what is not as it was written. */
  async changed(whole: FileHashes): Promise<readonly number[]> {
    const changed: number[] = [];
    let looked = 0;
    for (const index of [...whole.indexes()]) {
      if (this.#staging.isSingle(index) || this.#staging.isPublished(index)) continue;
      if (++looked % FILES_PER_TURN === 0) await setImmediate();
      if (this.#looksTheSame(index)) continue;
      const hash = whole.get(index);
      if (hash && !(await this.#holds(index, hash))) changed.push(index);
    }
    return changed;
  }

  #looksTheSame(index: number): boolean {
    if (this.#isKnown[index] !== 1) return true; // hashed again since
    const now = statAt(this.#options.fs, this.#staging.pathOf(index));
    return (
      now !== null &&
      BigInt.asIntN(WORD_BITS, now.ino) === this.#stamps[index * WORDS] &&
      now.size === this.#stamps[index * WORDS + 1] &&
      now.mtimeNs === this.#stamps[index * WORDS + 2]
    );
  }

  async #holds(index: number, hash: Uint8Array): Promise<boolean> {
    const { fs, hash: algorithm, entries } = this.#options;
    const entry = entries.at(index);
    const bytes = entry?.kind === 'file' ? entry.bytes : 0;
    const path = this.#staging.pathOf(index);
    const found = await new DiskHasher(fs, algorithm, () => true).find(path, bytes);
    return found !== null && equalBytes(found, hash);
  }
}

/** null: it cannot be looked at. */
function statAt(fs: FileSystem, path: string): BigIntStats | null {
  try {
    return lookAt(fs, path);
  } catch {
    return null;
  }
}
