import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';

/** What was put on the screen and can be taken off again. */
export interface Notice {
  close(): void;
}

export interface NoticePorts {
  /** The person is looking at the window already: the prompt in it is enough. */
  readonly isWatching: () => boolean;
  readonly present: (offer: Transfer) => Notice;
}

/** One notice for each offer that comes while nobody looks; it goes when the offer is answered. */
export class OfferNotices {
  readonly #ports: NoticePorts;
  readonly #seen = new Set<TransferId>();
  readonly #shown = new Map<TransferId, Notice>();

  constructor(ports: NoticePorts) {
    this.#ports = ports;
  }

  update(snapshot: Snapshot): void {
    const offers = snapshot.transfers.filter(isOffer);
    const open = new Set(offers.map((offer) => offer.id));
    for (const id of [...this.#seen]) if (!open.has(id)) this.#forget(id);
    for (const offer of offers) {
      if (this.#seen.has(offer.id)) continue;
      this.#seen.add(offer.id);
      if (!this.#ports.isWatching()) this.#shown.set(offer.id, this.#ports.present(offer));
    }
  }

  stop(): void {
    for (const id of [...this.#seen]) this.#forget(id);
  }

  #forget(id: TransferId): void {
    this.#seen.delete(id);
    this.#shown.get(id)?.close();
    this.#shown.delete(id);
  }
}

function isOffer(transfer: Transfer): boolean {
  return transfer.direction === 'receive' && transfer.phase === 'offered';
}
