import { HASH_BYTES } from '../../../shared/protocol/binary-messages.ts';

/** One hash for each file of a transfer, by index. 32 bytes each: a hundred thousand cost 3 MiB. */
export class FileHashes {
  readonly #bytes: Uint8Array;
  readonly #known: Uint8Array;
  size = 0;

  /** `beside`: files that both know have one hash, which stands in one place. */
  constructor(entries: number, beside?: FileHashes) {
    this.#bytes = beside ? beside.#bytes : new Uint8Array(entries * HASH_BYTES);
    this.#known = new Uint8Array(entries);
  }

  has(index: number): boolean {
    return this.#known[index] === 1;
  }

  set(index: number, hash: Uint8Array): void {
    if (!this.has(index)) this.size++;
    this.#known[index] = 1;
    this.#bytes.set(hash, index * HASH_BYTES);
  }

  delete(index: number): void {
    if (this.has(index)) this.size--;
    this.#known[index] = 0;
  }

  /** A view, not a copy; null: not known. */
  get(index: number): Uint8Array | null {
    if (!this.has(index)) return null;
    return this.#bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  }

  *indexes(): Generator<number> {
    for (let index = 0; index < this.#known.length; index++) {
      if (this.has(index)) yield index;
    }
  }
}
