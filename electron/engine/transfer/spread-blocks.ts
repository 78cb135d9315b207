import { DroplineError } from '../../../shared/errors.ts';
import {
  BLOCK_BYTES,
  MAX_LANE_OFFERS,
  SEND_WINDOW_BYTES,
} from '../../../shared/protocol/limits.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import { BlockHashes } from './hash.ts';
import { Marks } from './marks.ts';
import type { PartFiles } from './part-files.ts';

/** What brings blocks: the session, or a lane of it. */
export interface Bringer {
  /** The session itself: what it brings it brings once, and to the end. */
  readonly isSession: boolean;
  /** Another brings the block that this one has under way, or would begin: it is taken for dead. */
  onOvertaken(): void;
}

export interface BlockCounts {
  /** So many more are here; fewer, where they come again. */
  readonly onBytes: (bytes: number) => void;
  /** So many were here before this session, and come anew: they are not what the sender has. */
  readonly onStale: (bytes: number) => void;
  /** What the disk said concerns this file alone: nothing more of it is written. */
  readonly isRefused: (index: number, error: unknown) => boolean;
}

interface Block {
  readonly offset: number;
  readonly bytes: number;
  readonly hash: BlockHashes;
  taken: number;
}

/** A sender repeats what its lanes have lost. One that repeats more keeps the disk busy for nothing. */
const MAX_REPEATED = (MAX_LANE_OFFERS * (SEND_WINDOW_BYTES + BLOCK_BYTES)) / BLOCK_BYTES;

/**
 * The blocks of one file as several bring them, in any order (PROTOCOL.md §14.4). A block counts, and has its
 * hash, when one bringer has brought it whole. It is not written again: what a sender repeats may be on its
 * way twice, by a lane that it has given up, too.
 */
export class SpreadBlocks {
  readonly #parts: PartFiles;
  readonly #algorithm: HashAlgorithm;
  readonly #counts: BlockCounts;
  readonly #under = new Map<Bringer, Block>();
  /** Those that came whole in this connection. */
  #whole = new Marks();
  #index: number | null = null;
  #repeated = 0;

  constructor(parts: PartFiles, algorithm: HashAlgorithm, counts: BlockCounts) {
    this.#parts = parts;
    this.#algorithm = algorithm;
    this.#counts = counts;
  }

  /** A file comes in blocks. */
  get isOpen(): boolean {
    return this.#index !== null;
  }

  open(index: number): void {
    this.#index = index;
  }

  /** What is under way counts no more. */
  close(): void {
    for (const bringer of [...this.#under.keys()]) this.leave(bringer);
    this.#index = null;
    this.#whole = new Marks();
  }

  /** Throws PROTOCOL_VIOLATION where blocks come again without end. */
  begin(bringer: Bringer, offset: number, bytes: number): void {
    if (this.#under.has(bringer)) this.#countRepeated();
    this.leave(bringer);
    if (this.#index === null) return;
    if (this.#whole.has(offset / BLOCK_BYTES)) {
      this.#countRepeated();
      return;
    }
    if (!this.#takesOver(bringer, offset)) return;
    const hashes = this.#parts.hashesOf(this.#index);
    if (hashes.has(offset / BLOCK_BYTES)) this.#counts.onStale(bytes);
    hashes.unset(offset / BLOCK_BYTES);
    const hash = new BlockHashes(this.#algorithm);
    this.#under.set(bringer, { offset, bytes, hash, taken: 0 });
  }

  /** Throws DISK_ERROR, DISK_FULL. */
  write(bringer: Bringer, part: Uint8Array): void {
    const block = this.#under.get(bringer);
    if (!block || this.#index === null) return;
    const { offset, bytes, hash } = block;
    if (!this.#isWritten(this.#index, part, offset + block.taken)) return;
    block.taken += part.length;
    this.#counts.onBytes(part.length);
    const isWhole = block.taken === bytes;
    hash.update(part, isWhole);
    if (!isWhole) return;
    hash.flush(); // the last of a file is short
    this.#under.delete(bringer);
    this.#whole.add(offset / BLOCK_BYTES);
    const own = hash.at(0);
    if (own) this.#parts.hashesOf(this.#index).set(offset / BLOCK_BYTES, own);
  }

  /** false: the disk does not take this file. */
  #isWritten(index: number, part: Uint8Array, position: number): boolean {
    try {
      this.#parts.writeAt(index, part, position);
      return true;
    } catch (error) {
      if (!this.#counts.isRefused(index, error)) throw error;
      this.close();
      return false;
    }
  }

  /** Its block, where it has begun one, does not come by it. */
  leave(bringer: Bringer): void {
    const block = this.#under.get(bringer);
    if (!block) return;
    this.#under.delete(bringer);
    this.#counts.onBytes(-block.taken);
  }

  /** false: it is the one that is dead. */
  #takesOver(bringer: Bringer, offset: number): boolean {
    for (const [other, block] of [...this.#under]) {
      if (block.offset !== offset) continue;
      this.#countRepeated();
      if (other.isSession) {
        bringer.onOvertaken();
        return false;
      }
      this.leave(other);
      other.onOvertaken();
    }
    return true;
  }

  #countRepeated(): void {
    if (++this.#repeated > MAX_REPEATED) throw new DroplineError('PROTOCOL_VIOLATION');
  }
}
