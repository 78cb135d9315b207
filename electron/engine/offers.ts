import { DroplineError } from '../../shared/errors.ts';
import type { Choice } from '../../shared/model/choice.ts';
import type { OfferedPage, OfferedQuery, PicturesQuery } from '../../shared/model/offered.ts';
import type { OfferedPicture } from '../../shared/model/pictures.ts';
import { mayShowPictures } from '../../shared/model/pictures.ts';
import type { ExistingChoice, ExistingChoices } from '../../shared/model/plan.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import type { Store } from './state/store.ts';
import { textFolder } from './texts.ts';
import type { TransferEvents } from './transfer-events.ts';
import type { ReceiveThread } from './transfer/workers.ts';

interface OffersOptions {
  readonly store: Store;
  /** For names that are taken, where no answer says it. */
  readonly existing: () => ExistingChoice;
  readonly events: TransferEvents;
  /** null: nothing is received just now. */
  readonly thread: () => Pick<ReceiveThread, 'post' | 'look' | 'pictures'> | null;
  /** Holds the texts that are received. */
  readonly home: string;
}

/** What a yes may say besides. */
interface Terms {
  /** Absent: as in the settings. */
  readonly existing?: ExistingChoices | undefined;
  /** Absent: all of it. */
  readonly choice?: Choice | undefined;
}

/** What a person says to what is offered. */
export class Offers {
  readonly #options: OffersOptions;

  constructor(options: OffersOptions) {
    this.#options = options;
  }

  /** `chosen` null: it goes where files go, or where texts are kept. */
  accept(transferId: TransferId, chosen: string | null, terms: Terms = {}): void {
    const { store, events, thread, home } = this.#options;
    const offered = store.state.transfers.find(({ id }) => id === transferId);
    const startedAtMs = offered?.startedAtMs ?? 0;
    // a folder is made for what can be accepted alone
    const isOpen = offered?.phase === 'offered' && offered.direction === 'receive';
    const isText = isOpen && offered.content !== undefined;
    const ownFolder = isText && chosen === null ? textFolder(home, transferId) : null;
    const directory = ownFolder ?? chosen ?? store.state.self.directory;
    const { choice } = terms;
    const existing = terms.existing ?? { forAll: this.#options.existing(), items: {} };
    thread()?.post({ kind: 'accept', transferId, directory, startedAtMs, existing, choice });
    events.answered(transferId, true);
  }

  decline(transferId: TransferId): void {
    this.#options.thread()?.post({ kind: 'decline', transferId, code: 'DECLINED' });
    this.#options.events.answered(transferId, false);
  }

  /** Throws SELECTION_GONE where it does not wait, or has no such folder. */
  async look(query: OfferedQuery): Promise<OfferedPage> {
    const page = await this.#options.thread()?.look(query);
    if (!page) throw new DroplineError('SELECTION_GONE');
    return page;
  }

  /** Those that have come, as far as they may be shown. Throws SELECTION_GONE where it does not wait. */
  async pictures(query: PicturesQuery): Promise<readonly OfferedPicture[]> {
    const { store, thread } = this.#options;
    const offer = store.state.transfers.find(({ id }) => id === query.transferId);
    if (offer?.phase !== 'offered') throw new DroplineError('SELECTION_GONE');
    if (!mayShowPictures(offer, query.asked)) return [];
    const pictures = await thread()?.pictures(query);
    if (!pictures) throw new DroplineError('SELECTION_GONE');
    return pictures;
  }

  /** Its plan becomes one for that folder. A text that goes to none of a person's has none. */
  plan(transferId: TransferId, directory: string, choice?: Choice): void {
    this.#options.thread()?.post({ kind: 'plan', transferId, directory, choice });
  }

  /** What would have gone to `before` goes to the folder that is set now. */
  planAnew(before: string): void {
    const { self, transfers } = this.#options.store.state;
    for (const transfer of transfers) {
      if (transfer.phase !== 'offered' || transfer.content !== undefined) continue;
      if ((transfer.plan?.directory ?? before) !== before) continue;
      this.plan(transfer.id, self.directory);
    }
  }
}
