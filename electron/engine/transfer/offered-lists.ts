import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { JournalHeader } from './journal-records.ts';

/**
 * More than can be offered in the moment between an offer's end and the prompt's: each takes a connection and
 * its handshake, some hundred in a second at most. It is what each transfer leaves behind: a few hundred bytes.
 */
export const MAX_OFFERED_LISTS = 2_000;

interface Offered {
  readonly key: string;
  readonly peerId: PeerId;
}

/** The list, and what a person is told that it is: a yes to a text must not reach a file. */
export function offerKey({
  entriesKey,
  content,
}: Pick<JournalHeader, 'entriesKey' | 'content'>): string {
  return `${entriesKey} ${content ?? ''}`;
}

/**
 * An id stands for one list of files, and for what kind they are, for good. Otherwise a yes to what a person was shown could reach
 * what came in its place a moment later.
 */
export class OfferedLists {
  /** What was offered under each id, and by whom; the latest last. */
  readonly #lists = new Map<TransferId, Offered>();

  ownerOf(transferId: TransferId): PeerId | null {
    return this.#lists.get(transferId)?.peerId ?? null;
  }

  /** false: the id stands for another list. */
  standsFor(transferId: TransferId, key: string, peerId: PeerId): boolean {
    const known = this.#lists.get(transferId);
    this.#lists.delete(transferId);
    this.#lists.set(transferId, known ?? { key, peerId });
    const [oldest] = this.#lists.keys();
    if (this.#lists.size > MAX_OFFERED_LISTS && oldest !== undefined) this.#lists.delete(oldest);
    return known === undefined || known.key === key;
  }
}
