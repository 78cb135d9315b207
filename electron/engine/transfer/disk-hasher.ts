import { constants } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import { BlockHashes } from './hash.ts';
import type { FileSystem } from './ports.ts';
import { NON_BLOCKING, NO_FOLLOW } from './ports.ts';
import { attempt } from './system-errors.ts';

/** Blocks read before other transfers of this thread get their turn. */
const BLOCKS_PER_TURN = 16;

/** Hashes files as they lie on the disk, one at a time. */
export class DiskHasher {
  readonly #fs: FileSystem;
  readonly #hash: HashAlgorithm;
  readonly #isWanted: () => boolean;
  /** Made when there is something to be read. */
  #buffer: Uint8Array | null = null;
  #blocks = 0;

  constructor(fs: FileSystem, hash: HashAlgorithm, isWanted: () => boolean) {
    this.#fs = fs;
    this.#hash = hash;
    this.#isWanted = isWanted;
  }

  /** null: it is no file, has another size, cannot be read, or nobody wants to know any more. */
  async find(path: string, bytes: number): Promise<Uint8Array | null> {
    try {
      return await this.read(path, bytes);
    } catch {
      return null;
    }
  }

  /** The same; what the disk says is thrown. `bytes` null: of whatever size. */
  async read(path: string, bytes: number | null): Promise<Uint8Array | null> {
    const flags = constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING;
    const fd = this.#fs.openSync(path, flags);
    try {
      const stat = this.#fs.fstatSync(fd);
      if (!stat.isFile() || stat.size !== (bytes ?? stat.size)) return null;
      return await this.#hashOf(fd, stat.size);
    } finally {
      attempt(() => {
        this.#fs.closeSync(fd);
      });
    }
  }

  async #hashOf(fd: number, bytes: number): Promise<Uint8Array | null> {
    const hashes = new BlockHashes(this.#hash);
    const buffer = (this.#buffer ??= new Uint8Array(BLOCK_BYTES));
    for (let at = 0; at < bytes;) {
      if (++this.#blocks % BLOCKS_PER_TURN === 0) await setImmediate();
      if (!this.#isWanted()) return null;
      const wanted = Math.min(BLOCK_BYTES, bytes - at);
      const read = this.#fs.readSync(fd, buffer, 0, wanted, at);
      if (read === 0) return null;
      hashes.update(buffer.subarray(0, read));
      at += read;
    }
    hashes.flush();
    return hashes.file(Math.ceil(bytes / BLOCK_BYTES));
  }
}
