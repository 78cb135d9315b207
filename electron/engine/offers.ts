import type { ExistingChoice, ExistingChoices } from '../../shared/model/plan.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import type { Store } from './state/store.ts';
import { textFolder } from './texts.ts';
import type { TransferEvents } from './transfer-events.ts';
import type { ToReceiveWorker } from './transfer/worker-messages.ts';

interface OffersOptions {
  readonly store: Store;
  /** For names that are taken, where no answer says it. */
  readonly existing: () => ExistingChoice;
  readonly events: TransferEvents;
  readonly post: (message: ToReceiveWorker) => void;
  /** Holds the texts that are received. */
  readonly home: string;
}

/** What a person says to what is offered. */
export class Offers {
  readonly #options: OffersOptions;

  constructor(options: OffersOptions) {
    this.#options = options;
  }

  /** `chosen` null: it goes where files go, or where texts are kept. */
  accept(transferId: TransferId, chosen: string | null, choices?: ExistingChoices): void {
    const { store, events, post, home } = this.#options;
    const offered = store.state.transfers.find(({ id }) => id === transferId);
    const startedAtMs = offered?.startedAtMs ?? 0;
    // a folder is made for what can be accepted alone
    const isOpen = offered?.phase === 'offered' && offered.direction === 'receive';
    const isText = isOpen && offered.content !== undefined;
    const ownFolder = isText && chosen === null ? textFolder(home, transferId) : null;
    const directory = ownFolder ?? chosen ?? store.state.self.directory;
    const existing = choices ?? { forAll: this.#options.existing(), items: {} };
    post({ kind: 'accept', transferId, directory, startedAtMs, existing });
    events.answered(transferId, true);
  }

  decline(transferId: TransferId): void {
    this.#options.post({ kind: 'decline', transferId, code: 'DECLINED' });
    this.#options.events.answered(transferId, false);
  }

  /** Its plan becomes one for that folder. A text that goes to none of a person's has none. */
  plan(transferId: TransferId, directory: string): void {
    this.#options.post({ kind: 'plan', transferId, directory });
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
