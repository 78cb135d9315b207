import { setImmediate } from 'node:timers/promises';
import { DroplineError } from '../../../shared/errors.ts';
import { blockCount, equalBytes } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import { BlockHashes } from './hash.ts';
import type { Source, SourceFile, Stamp } from './source.ts';

/** Blocks read before other transfers of this thread, and its heartbeats, get their turn. */
const BLOCKS_PER_TURN = 16;

export interface SourceBlocksOptions {
  readonly source: Source;
  readonly algorithm: HashAlgorithm;
  /** false: nobody wants it any more. */
  readonly mayGoOn: () => boolean;
}

export interface ReadBlocks {
  readonly blocks: BlockHashes;
  /** Of the file when it was read. */
  readonly stamp: Stamp;
}

/** Reads files of the source to hash them only: to compare with what the receiver has, or was sent. */
export class SourceBlocks {
  readonly #options: SourceBlocksOptions;
  /** Made when it is needed: most transfers read nothing twice. */
  #buffer: Uint8Array | null = null;
  #readBlocks = 0;

  constructor(options: SourceBlocksOptions) {
    this.#options = options;
  }

  /** The first blocks of a file; null: it cannot be read, which is reported when its turn comes. */
  async first(index: number, fileBytes: number, count: number): Promise<ReadBlocks | null> {
    const { source, algorithm } = this.#options;
    const blocks = new BlockHashes(algorithm);
    try {
      const file = await source.open(index);
      try {
        await this.#hash(file, fileBytes, count, blocks);
        return { blocks, stamp: file.stamp };
      } finally {
        file.close();
      }
    } catch {
      return null;
    }
  }

  /**
   * Something was done to the file while it was sent, and its size and time do not tell what. Throws
   * SOURCE_CHANGED unless it holds what was sent: two versions never mix.
   */
  async mustStillBe(sent: Uint8Array, file: SourceFile, fileBytes: number): Promise<void> {
    const stamp = file.check();
    const again = new BlockHashes(this.#options.algorithm);
    await this.#hash(file, fileBytes, blockCount(fileBytes), again);
    const hash = again.file(blockCount(fileBytes));
    if (!hash || !equalBytes(hash, sent) || file.check() !== stamp) {
      throw new DroplineError('SOURCE_CHANGED');
    }
  }

  async #hash(
    file: SourceFile,
    fileBytes: number,
    count: number,
    into: BlockHashes,
  ): Promise<void> {
    for (let block = 0; block < count; block++) {
      if (++this.#readBlocks % BLOCKS_PER_TURN === 0) await setImmediate();
      if (!this.#options.mayGoOn()) return;
      const bytes = Math.min(BLOCK_BYTES, fileBytes - block * BLOCK_BYTES);
      const target = (this.#buffer ??= new Uint8Array(BLOCK_BYTES)).subarray(0, bytes);
      if ((await file.read(target, block * BLOCK_BYTES)) < bytes) return;
      into.seek(block * BLOCK_BYTES);
      into.update(target);
      into.flush();
    }
  }
}
