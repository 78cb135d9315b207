import { HASH_BYTES } from '../../../shared/protocol/binary-messages.ts';
import { blockCount, equalBytes } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { Held } from '../../../shared/protocol/sender.ts';
import type { FileHashes } from './file-hashes.ts';
import { Marks } from './marks.ts';
import type { Kept } from './missing-ranges.ts';
import type { ReadBlocks, SourceBlocks } from './source-blocks.ts';
import type { Source } from './source.ts';

interface Proven extends ReadBlocks {
  readonly keep: Kept;
}

export interface ProvenClaimsOptions {
  readonly source: Source;
  readonly held: Held;
  readonly hashes: FileHashes;
  readonly blocks: SourceBlocks;
  /** false: nobody wants it any more. */
  readonly mayGoOn: () => boolean;
}

/** What the receiver claims to have, compared with the source: nothing unproven is skipped. */
export class ProvenClaims {
  readonly #options: ProvenClaimsOptions;
  /** Those published that are what the source holds. */
  readonly #same = new Set<number>();
  /** Which of its `have` blocks the receiver may keep, by file. */
  readonly #kept = new Map<number, Proven>();
  bytes = 0;

  constructor(options: ProvenClaimsOptions) {
    this.#options = options;
  }

  isSame(index: number): boolean {
    return this.#same.has(index);
  }

  kept(index: number): Proven | null {
    return this.#kept.get(index) ?? null;
  }

  async prove(): Promise<void> {
    const { held, source, mayGoOn } = this.#options;
    for (const [index, hash] of held.published) {
      if (!mayGoOn()) return;
      const entry = source.entries.at(index);
      if (entry?.kind !== 'file' || !(await this.#holds(index, entry.bytes, hash))) continue;
      this.#same.add(index);
      this.bytes += entry.bytes;
    }
    for (const [index, hashes] of held.have) {
      if (!mayGoOn()) return;
      await this.#compare(index, hashes);
    }
  }

  /** A published file counts as this source only if its hash is the one we sent, or still have. */
  async #holds(index: number, fileBytes: number, claimed: Uint8Array): Promise<boolean> {
    const { hashes, blocks } = this.#options;
    let hash = hashes.get(index);
    if (!hash) {
      const count = blockCount(fileBytes);
      const read = await blocks.first(index, fileBytes, count);
      hash = read?.blocks.file(count) ?? null;
    }
    if (!hash || !equalBytes(hash, claimed)) return false;
    hashes.set(index, hash);
    return true;
  }

  async #compare(index: number, claimed: Uint8Array): Promise<void> {
    const { source, blocks } = this.#options;
    const entry = source.entries.at(index);
    if (entry?.kind !== 'file') return;
    const count = claimed.length / HASH_BYTES;
    const read = await blocks.first(index, entry.bytes, count);
    if (read?.blocks.has(count - 1) !== true) return; // it could not be read to the end
    const keep = new Marks();
    for (let block = 0; block < count; block++) {
      const at = block * HASH_BYTES;
      const own = read.blocks.at(block);
      if (!own || !equalBytes(own, claimed.subarray(at, at + HASH_BYTES))) continue;
      keep.add(block);
      this.bytes += Math.min(BLOCK_BYTES, entry.bytes - block * BLOCK_BYTES);
    }
    this.#kept.set(index, { keep, ...read });
  }
}
