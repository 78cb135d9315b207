import { HASH_BYTES } from '../../../shared/protocol/binary-messages.ts';
import { Marks, roomyPage } from './marks.ts';

/** So many hashes stand together: 32 KiB. The first page grows, as most files are small. */
const PAGE_HASHES = 1024;

/**
 * Hashes by number, in any order. One costs 33 bytes, where an object for each would cost three hundred; they
 * are never moved to make room, and one that lies far off costs a page.
 */
export class HashList {
  readonly #pages: (Uint8Array | undefined)[] = [];
  readonly #known = new Marks();

  has(number: number): boolean {
    return this.#known.has(number);
  }

  /** The hash must stay what it is: the only one there is, as of any small file, is not even copied. */
  set(number: number, hash: Uint8Array): void {
    this.#known.add(number);
    const at = Math.floor(number / PAGE_HASHES);
    const item = number % PAGE_HASHES;
    const old = this.#pages[at];
    if (number === 0 && (old?.length ?? 0) <= HASH_BYTES) {
      this.#pages[0] = hash;
      return;
    }
    const wanted = at === 0 ? item + 1 : PAGE_HASHES;
    const page = roomyPage(old, wanted * HASH_BYTES, PAGE_HASHES * HASH_BYTES);
    if (page !== old) this.#pages[at] = page;
    page.set(hash, item * HASH_BYTES);
  }

  delete(number: number): void {
    this.#known.delete(number);
  }

  /** A view, not a copy; null: not known. */
  at(number: number): Uint8Array | null {
    if (!this.has(number)) return null;
    const start = (number % PAGE_HASHES) * HASH_BYTES;
    const page = this.#pages[Math.floor(number / PAGE_HASHES)];
    if (page?.length === HASH_BYTES) return page;
    return page?.subarray(start, start + HASH_BYTES) ?? null;
  }

  /** Views of 0 to count - 1, one after the other, many in each; null where one is missing. */
  first(count: number): Uint8Array[] | null {
    for (let number = 0; number < count; number++) if (!this.has(number)) return null;
    const views: Uint8Array[] = [];
    for (let from = 0; from < count; from += PAGE_HASHES) {
      const page = this.#pages[from / PAGE_HASHES];
      const bytes = Math.min(PAGE_HASHES, count - from) * HASH_BYTES;
      if (page) views.push(page.length === bytes ? page : page.subarray(0, bytes));
    }
    return views;
  }
}
