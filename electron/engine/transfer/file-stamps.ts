import type { BigIntStats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { equalBytes } from '../../../shared/protocol/hash-tree.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { DiskHasher } from './disk-hasher.ts';
import type { FileHashes } from './file-hashes.ts';
import { stampOf } from './merge-plan.ts';
import type { FileSystem } from './ports.ts';
import { lookAt } from './replace.ts';
import type { Staging } from './staging.ts';

const FILES_PER_TURN = 500;

/** How each whole file was when its last byte was written: another program may change it before it has its name. */
export class FileStamps {
  readonly #options: DeliveryOptions;
  readonly #staging: Staging;
  readonly #known = new Map<number, string>();

  constructor(options: DeliveryOptions, staging: Staging) {
    this.#options = options;
    this.#staging = staging;
  }

  written(index: number, stat: BigIntStats): void {
    this.#known.set(index, textOf(stat));
  }

  /** Where it looks different it is read: a system may have given it another time. */
  async isSound(index: number, hash: Uint8Array): Promise<boolean> {
    const { fs, hash: algorithm, entries } = this.#options;
    const path = this.#staging.pathOf(index);
    const known = this.#known.get(index);
    if (known === undefined) return true; // hashed again since
    if (stampAt(fs, path) === known) return true;
    const entry = entries[index];
    const bytes = entry?.kind === 'file' ? entry.bytes : 0;
    const found = await new DiskHasher(fs, algorithm, () => true).find(path, bytes);
    return found !== null && equalBytes(found, hash);
  }

  /** Of what is staged and whole: what is not as it was written. */
  async changed(whole: FileHashes): Promise<readonly number[]> {
    const changed: number[] = [];
    let looked = 0;
    for (const index of [...whole.indexes()]) {
      if (this.#staging.isSingle(index) || this.#staging.isPublished(index)) continue;
      if (++looked % FILES_PER_TURN === 0) await setImmediate();
      const hash = whole.get(index);
      if (hash && !(await this.isSound(index, hash))) changed.push(index);
    }
    return changed;
  }
}

/** null: it cannot be looked at. */
function stampAt(fs: FileSystem, path: string): string | null {
  try {
    const stat = lookAt(fs, path);
    return stat && textOf(stat);
  } catch {
    return null;
  }
}

function textOf(stat: BigIntStats): string {
  return `${stat.ino} ${stampOf(stat)}`;
}
