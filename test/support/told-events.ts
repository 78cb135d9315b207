import type {
  TransferEvent,
  WorkerOutcome,
} from '../../electron/engine/transfer/worker-messages.ts';
import type { PausedBy, TransferId } from '../../shared/model/transfer.ts';

export type EventOf<K extends TransferEvent['kind']> = Extract<TransferEvent, { kind: K }>;
export type OutcomeOf<K extends WorkerOutcome['kind']> = Extract<WorkerOutcome, { kind: K }>;

/** Remembers what a worker told, and lets a test wait for it. */
export class ToldEvents {
  readonly events: TransferEvent[] = [];
  readonly #waiting = new Set<() => void>();

  add(event: TransferEvent): void {
    this.events.push(event);
    for (const look of [...this.#waiting]) look();
  }

  /** The first event of the kind about this transfer, past or to come. */
  event<K extends TransferEvent['kind']>(
    kind: K,
    transferId: TransferId,
    nth = 1,
  ): Promise<EventOf<K>> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.all(kind, transferId)[nth - 1];
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  all<K extends TransferEvent['kind']>(kind: K, transferId: TransferId): EventOf<K>[] {
    return this.events.filter(
      (e): e is EventOf<K> =>
        e.kind === kind && (!('transferId' in e) || e.transferId === transferId),
    );
  }

  /** Resolves when the latest that was told of it says who lets it stand still; null: nobody. */
  paused(by: PausedBy | null, transferId: TransferId): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.pausedBy(transferId) !== by) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** As a window would know it: what begins anew or is cut stands no more, as far as is told. */
  pausedBy(transferId: TransferId): PausedBy | null {
    const last = this.events.findLast(
      (e) => e.kind !== 'counts' && e.kind !== 'prepared' && e.transferId === transferId,
    );
    return last?.kind === 'paused' ? last.by : null;
  }

  async outcome<K extends WorkerOutcome['kind']>(
    kind: K,
    transferId: TransferId,
  ): Promise<OutcomeOf<K>> {
    const { outcome } = await this.event('ended', transferId);
    if (outcome.kind !== kind) throw new Error(`wanted ${kind}, got ${JSON.stringify(outcome)}`);
    return outcome as OutcomeOf<K>;
  }
}
