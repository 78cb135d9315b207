import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import type { Delivery } from './destination.ts';
import type { Clock } from './ports.ts';

/** How long what was cut off is kept for its sender to come back. */
const KEEP_MS = 10 * 60_000;
/** Deliveries that are done, remembered in case their sender did not hear of it. */
const MAX_FINISHED = 50;

interface Held {
  readonly transferId: TransferId;
  readonly peerId: PeerId;
  /** The hash of the list of files: another list is another transfer. */
  readonly entriesKey: string;
  readonly delivery: Delivery;
}

interface Wanted {
  readonly transferId: TransferId;
  readonly peerId: PeerId;
  readonly entriesKey: string;
  readonly hash: HashAlgorithm;
}

/** Deliveries without a wire, by transfer. Only the peer that began one can go on with it. */
export class HeldDeliveries {
  readonly #clock: Clock;
  readonly #onGivenUp: (transferId: TransferId) => void;
  readonly #held = new Map<TransferId, Held & { stopTimer: () => void }>();

  constructor(clock: Clock, onGivenUp: (transferId: TransferId) => void) {
    this.#clock = clock;
    this.#onGivenUp = onGivenUp;
  }

  async keep(held: Held): Promise<void> {
    const { transferId, delivery } = held;
    const stopTimer = delivery.finished
      ? () => undefined
      : this.#clock.after(KEEP_MS, () => {
          void this.#giveUp(transferId);
        });
    this.#held.set(transferId, { ...held, stopTimer });
    this.#forgetOldFinished();
    await delivery.suspend();
  }

  /** Whose delivery it is; null: there is none. */
  ownerOf(transferId: TransferId): PeerId | null {
    return this.#held.get(transferId)?.peerId ?? null;
  }

  /**
   * Hands a held delivery out, to be kept again or discarded. One whose list of files has changed is
   * thrown away: two versions never mix. null: there is none for this peer.
   */
  async take(wanted: Wanted): Promise<Delivery | null> {
    const held = this.#held.get(wanted.transferId);
    if (held?.peerId !== wanted.peerId) return null;
    this.#held.delete(wanted.transferId);
    held.stopTimer();
    const { delivery, entriesKey } = held;
    if (entriesKey === wanted.entriesKey && delivery.options.hash === wanted.hash) return delivery;
    await delivery.discard();
    return null;
  }

  /** false: there was nothing unfinished. */
  async drop(transferId: TransferId): Promise<boolean> {
    const held = this.#held.get(transferId);
    if (!held || held.delivery.finished) return false;
    held.stopTimer();
    this.#held.delete(transferId);
    await held.delivery.discard();
    return true;
  }

  /** Answers those that were unfinished. */
  async dropAll(): Promise<TransferId[]> {
    const dropped: TransferId[] = [];
    for (const transferId of [...this.#held.keys()]) {
      if (await this.drop(transferId)) dropped.push(transferId);
    }
    this.#held.clear();
    return dropped;
  }

  async #giveUp(transferId: TransferId): Promise<void> {
    if (await this.drop(transferId)) this.#onGivenUp(transferId);
  }

  #forgetOldFinished(): void {
    const finished = [...this.#held.values()].filter((h) => h.delivery.finished);
    for (const { transferId } of finished.slice(0, -MAX_FINISHED)) this.#held.delete(transferId);
  }
}
