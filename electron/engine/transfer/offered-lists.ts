import type { TransferId } from '../../../shared/model/transfer.ts';

/** More than can be offered in the moment between an offer's end and the prompt's. */
const MAX_LISTS = 10_000;

/**
 * An id stands for one list of files for good. Otherwise a yes to what a person was shown could reach
 * what came in its place a moment later.
 */
export class OfferedLists {
  /** What was offered under each id, by the hash of its list; the latest last. */
  readonly #keys = new Map<TransferId, string>();

  /** false: the id stands for another list. */
  standsFor(transferId: TransferId, key: string): boolean {
    const known = this.#keys.get(transferId);
    this.#keys.delete(transferId);
    this.#keys.set(transferId, known ?? key);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > MAX_LISTS && oldest !== undefined) this.#keys.delete(oldest);
    return known === undefined || known === key;
  }
}
