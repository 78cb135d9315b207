import type { ErrorCode } from '../errors.ts';
import { HASH_BYTES } from './binary-messages.ts';
import { grown } from './grown.ts';
import { blockCount } from './hash-tree.ts';
import type { Unwanted } from '../model/unwanted.ts';
import type { Entries, MessageOf } from './messages.ts';

/**
 * What the receiver says before ok. What it holds is proven against the source by the driver before it is
 * relied on; what it does not want is not sent.
 */
export interface Held {
  /** By file index: the hashes of its first blocks, one after the other. */
  readonly have: ReadonlyMap<number, Uint8Array>;
  readonly published: ReadonlyMap<number, Uint8Array>;
  readonly skipped: ReadonlyMap<number, ErrorCode>;
}

/** What the receiver's person did not choose (PROTOCOL.md §5.12): of directories nothing is said. */
export function unwantedOf(entries: Entries, { skipped }: Held): Unwanted {
  let files = 0;
  let bytes = 0;
  for (const [index, code] of skipped) {
    const entry = entries.at(index);
    if (code !== 'DECLINED' || entry?.kind !== 'file') continue;
    files++;
    bytes += entry.bytes;
  }
  return { files, directories: 0, bytes };
}

/** Hashes of one file's first blocks, with room for more. */
interface Hashes {
  readonly bytes: Uint8Array;
  readonly usedBytes: number;
}

/**
 * Gathers `have`, `published` and `skip` (PROTOCOL.md §5.4, §5.5, §5.12) between the offer and its answer.
 * It is added to in place: a claim may come for each of a hundred thousand files, and costs no more than
 * itself.
 */
export class HeldClaims {
  readonly #entries: Entries;
  readonly #have = new Map<number, Hashes>();
  readonly #published = new Map<number, Uint8Array>();
  readonly #skipped = new Map<number, ErrorCode>();

  constructor(entries: Entries) {
    this.#entries = entries;
  }

  /** false: a violation. Hashes come from block 0 on, in order, and never more than the file has blocks. */
  addHave({ index, firstBlock, hashes }: MessageOf<'have'>): boolean {
    const entry = this.#entries.at(index);
    if (entry?.kind !== 'file') return false;
    if (this.#published.has(index) || this.#skipped.has(index)) return false;
    const before = this.#have.get(index) ?? { bytes: new Uint8Array(0), usedBytes: 0 };
    const usedBytes = before.usedBytes + hashes.length;
    if (firstBlock * HASH_BYTES !== before.usedBytes) return false;
    if (usedBytes > blockCount(entry.bytes) * HASH_BYTES) return false;
    const bytes = usedBytes > before.bytes.length ? grown(before.bytes, usedBytes) : before.bytes;
    bytes.set(hashes, before.usedBytes);
    this.#have.set(index, { bytes, usedBytes });
    return true;
  }

  /** false: a violation. A file is published once, and nothing else is said of it. */
  addPublished({ files }: MessageOf<'published'>): boolean {
    for (const { index, hash } of files) {
      if (!this.#isNews(index)) return false;
      this.#published.set(index, hash);
    }
    return true;
  }

  /** false: a violation. A file is skipped once, and nothing else is said of it. */
  addSkip({ code, indexes }: MessageOf<'skip'>): boolean {
    for (const index of indexes) {
      if (!this.#isNews(index)) return false;
      this.#skipped.set(index, code);
    }
    return true;
  }

  #isNews(index: number): boolean {
    if (this.#entries.at(index)?.kind !== 'file') return false;
    return !this.#published.has(index) && !this.#have.has(index) && !this.#skipped.has(index);
  }

  get held(): Held {
    const have = new Map<number, Uint8Array>();
    for (const [index, { bytes, usedBytes }] of this.#have) {
      have.set(index, bytes.subarray(0, usedBytes));
    }
    return { have, published: new Map(this.#published), skipped: new Map(this.#skipped) };
  }
}
