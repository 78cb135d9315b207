import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { PageSource } from './page-source.ts';

interface Served {
  readonly source: PageSource;
  /** Each with whether a snapshot has shown it yet: only then does its absence mean anything. */
  readonly transfers: Map<TransferId, boolean>;
  /** Transfers that were asked for and have no id yet. */
  asked: number;
}

/**
 * Which selections this page serves, and for which transfers: a source is kept until its transfer was
 * delivered whole or taken off the list, since until then it can be asked for again.
 */
export class ServedPages {
  readonly #served = new Map<string, Served>();
  #latest: Snapshot | null = null;

  add(selectionId: string, source: PageSource): void {
    this.#served.set(selectionId, { source, transfers: new Map(), asked: 0 });
  }

  /** It goes to one more device: until that has an id, the others do not decide what is over. */
  sending(selectionId: string): void {
    const served = this.#served.get(selectionId);
    if (served !== undefined) served.asked += 1;
  }

  sent(selectionId: string, transferId: TransferId): void {
    const served = this.#served.get(selectionId);
    if (served === undefined) return;
    served.asked -= 1;
    served.transfers.set(transferId, false);
  }

  notSent(selectionId: string): void {
    const served = this.#served.get(selectionId);
    if (served !== undefined) served.asked -= 1;
  }

  /** A retry goes on with the files of the transfer that failed. */
  retried(before: TransferId, after: TransferId): void {
    for (const { transfers } of this.#served.values()) {
      if (transfers.has(before)) transfers.set(after, false);
    }
  }

  release(selectionId: string): void {
    const served = this.#served.get(selectionId);
    if (served === undefined || served.transfers.size > 0) return;
    served.source.stop();
    this.#served.delete(selectionId);
  }

  update(snapshot: Snapshot): void {
    this.#latest = snapshot;
    for (const [selectionId, { source, transfers, asked }] of this.#served) {
      for (const id of transfers.keys()) {
        if (find(snapshot, id) !== undefined) transfers.set(id, true);
      }
      const isOver = [...transfers].every(([id, wasSeen]) => {
        const transfer = find(snapshot, id);
        return transfer === undefined ? wasSeen : isWhole(transfer);
      });
      if (transfers.size === 0 || asked > 0 || !isOver) continue;
      source.stop();
      this.#served.delete(selectionId);
    }
  }

  /** Closing the page now would break a transfer. */
  get isNeeded(): boolean {
    const latest = this.#latest;
    return [...this.#served.values()].some(
      ({ source, transfers }) =>
        source.isOpen &&
        [...transfers].some(([id, wasSeen]) => {
          const transfer = find(latest, id);
          return transfer === undefined ? !wasSeen : !isFinished(transfer);
        }),
    );
  }

  stop(): void {
    for (const { source } of this.#served.values()) source.stop();
    this.#served.clear();
  }
}

/** Of what was delivered but for a few files, these can be asked for again. */
function isWhole(transfer: Transfer): boolean {
  return transfer.phase === 'delivered' && transfer.failed.count === 0;
}

function find(snapshot: Snapshot | null, id: TransferId) {
  return snapshot?.transfers.find((transfer) => transfer.id === id);
}
