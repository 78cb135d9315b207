import type { TransferId } from '../../../shared/model/transfer.ts';
import { offerAgain } from './goodbye.ts';
import type { SendOffer } from './send-offer.ts';
import type { EarlierOffer } from './worker-messages.ts';

/** What the receiver of one transfer was told of it, in this run or an earlier one, under whatever ids. */
export class ToldOffers {
  latest: SendOffer['message'] | null;
  /** What it was called before its source changed. */
  readonly #earlierIds: Set<TransferId>;

  constructor(resumes: EarlierOffer | null) {
    this.latest = resumes && offerAgain(resumes);
    this.#earlierIds = new Set(resumes?.earlierIds);
  }

  told(offer: SendOffer['message']): void {
    if (this.latest) this.#earlierIds.add(this.latest.transferId);
    this.#earlierIds.delete(offer.transferId);
    this.latest = offer;
  }

  /** Those that its receiver must hear of when none is wanted any more. */
  idsToTakeBack(latestHeard: boolean): TransferId[] {
    const latest = this.latest && !latestHeard ? [this.latest.transferId] : [];
    return [...latest, ...this.#earlierIds];
  }
}
