import type { TransferId } from '../../shared/model/transfer.ts';
import { networkOf } from './transfer/crowd.ts';
import type { TransferEvent } from './transfer/worker-messages.ts';

/** Devices of which such a line stays on the list. */
export const MAX_UNANSWERED_LINES = 10;

type Offered = Extract<TransferEvent, { kind: 'offered' }>;

export interface UnansweredEnd {
  readonly isUnanswered: boolean;
  /** Lines that go, because this one took their place. */
  readonly dismissed: readonly TransferId[];
}

/**
 * Offers that ended without an answer of a person: whoever makes and withdraws them by the hundred
 * leaves one line, and does not push out what was really received.
 */
export class Unanswered {
  readonly #open = new Map<TransferId, string>();
  /** The line of each device, the latest last. */
  readonly #lines = new Map<string, TransferId>();

  /** It is shown, and waits. */
  expect({ transferId, peer }: Offered, isPaired: boolean): void {
    const device = isPaired && peer.id !== null ? peer.id : networkOf(peer.address);
    this.#open.set(transferId, device);
  }

  /** A person has seen to it. */
  forget(transferId: TransferId): void {
    this.#open.delete(transferId);
  }

  ended(transferId: TransferId): UnansweredEnd {
    const device = this.#open.get(transferId);
    if (device === undefined) return { isUnanswered: false, dismissed: [] };
    this.#open.delete(transferId);
    const dismissed: TransferId[] = [];
    this.#replace(device, transferId, dismissed);
    const [oldest] = this.#lines.keys();
    if (this.#lines.size > MAX_UNANSWERED_LINES && oldest !== undefined) {
      this.#replace(oldest, null, dismissed);
    }
    return { isUnanswered: true, dismissed };
  }

  #replace(device: string, now: TransferId | null, dismissed: TransferId[]): void {
    const before = this.#lines.get(device);
    if (before !== undefined && before !== now) dismissed.push(before);
    this.#lines.delete(device);
    if (now !== null) this.#lines.set(device, now);
  }
}
