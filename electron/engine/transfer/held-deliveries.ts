import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { Delivery } from './destination.ts';
import type { Clock } from './ports.ts';

/** How long a delivery stays in memory without a wire; after that its journal alone knows it. */
const KEEP_OPEN_MS = 10 * 60_000;
/**
 * Deliveries that are done, remembered in case their sender did not hear of it, and how many entries all of
 * them may have: of those beyond that the receipt tells.
 */
const MAX_FINISHED = 50;
const MAX_FINISHED_ENTRIES = 10_000;

export interface Held {
  /** As its sender called it last. */
  readonly transferId: TransferId;
  /** As its journal is called: by the first id it had. */
  readonly journalId: TransferId;
  readonly peerId: PeerId;
  /** The hash of the list of files: another list is another transfer. */
  readonly entriesKey: string;
  /** What was chosen, by name: another version of the same thing has the same. */
  readonly itemNames: readonly string[];
  readonly directory: string;
  /** null: only its journal is there, to be read when its sender comes back. */
  readonly delivery: Delivery | null;
}

/** Deliveries without a wire. Only the peer that began one can go on with it. */
export class HeldDeliveries {
  readonly #clock: Clock;
  readonly #held = new Map<TransferId, Held>();
  /** Handed out and not back yet, by journal. */
  readonly #out = new Map<TransferId, PeerId>();
  readonly #stopTimers = new Map<TransferId, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  keep(held: Held): void {
    const { transferId, journalId, delivery } = held;
    this.#out.delete(journalId);
    this.#held.set(transferId, held);
    if (delivery && !delivery.finished) {
      const stop = this.#clock.after(KEEP_OPEN_MS, () => {
        this.#held.set(transferId, { ...held, delivery: null });
        void delivery.close();
      });
      this.#stopTimers.set(transferId, stop);
    }
    this.#forgetOldFinished();
  }

  get(transferId: TransferId): Held | null {
    return this.#held.get(transferId) ?? null;
  }

  /** The one of this id, or whose journal has the name that a new one of this id would need. */
  inTheWayOf(transferId: TransferId): Held | null {
    const isInTheWay = (held: Held): boolean => held.journalId === transferId && !isFinished(held);
    return this.get(transferId) ?? [...this.#held.values()].find(isInTheWay) ?? null;
  }

  /** Whose journal of this name is handed out; null: none is. */
  takenBy(journalId: TransferId): PeerId | null {
    return this.#out.get(journalId) ?? null;
  }

  /** The one that this offer goes on with: of the same id, or an unfinished one of the same files. */
  matching(transferId: TransferId, peerId: PeerId, entriesKey: string): Held | null {
    const same = this.#held.get(transferId);
    if (same) return same.peerId === peerId && same.entriesKey === entriesKey ? same : null;
    const alike = [...this.#held.values()].filter(
      (held) => held.peerId === peerId && held.entriesKey === entriesKey && !isFinished(held),
    );
    return alike.at(-1) ?? null;
  }

  /** Unfinished ones of the same things in the same place, whose files can be used again. */
  versionsOf(peerId: PeerId, itemNames: readonly string[], directory: string): Held[] {
    const wanted = JSON.stringify(itemNames);
    return [...this.#held.values()].filter(
      (held) =>
        held.peerId === peerId &&
        held.directory === directory &&
        JSON.stringify(held.itemNames) === wanted &&
        !isFinished(held),
    );
  }

  /** Hands it out, to one alone: to be kept again, or let go when its journal is gone. */
  take({ transferId, journalId, peerId }: Held): void {
    this.#out.set(journalId, peerId);
    this.#stopTimers.get(transferId)?.();
    this.#stopTimers.delete(transferId);
    this.#held.delete(transferId);
  }

  letGo(journalId: TransferId): void {
    this.#out.delete(journalId);
  }

  /** Lets go of all of them; their journals stay. */
  async close(): Promise<void> {
    const held = [...this.#held.values()];
    for (const one of held) this.take(one);
    await Promise.all(held.map(async ({ delivery }) => delivery?.close()));
  }

  #forgetOldFinished(): void {
    const latestFirst = [...this.#held.values()].filter(isFinished).reverse();
    let entries = 0;
    for (const [at, { transferId, delivery }] of latestFirst.entries()) {
      const own = delivery?.options.entries.length ?? 0;
      if (at < MAX_FINISHED && entries + own <= MAX_FINISHED_ENTRIES) entries += own;
      else this.#held.delete(transferId);
    }
  }
}

export function isFinished({ delivery }: Held): boolean {
  return delivery?.finished === true;
}
