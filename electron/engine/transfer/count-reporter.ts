import type { LimitedBy } from '../../../shared/model/limit.ts';
import type { PausedBy, TransferId } from '../../../shared/model/transfer.ts';
import type { Clock } from './ports.ts';
import type { TransferCount, TransferEvent } from './worker-messages.ts';

const REPORT_EVERY_MS = 100;

export interface Counts {
  readonly bytes: number;
  readonly files: number;
  /** What it waits for most; null: not known. */
  readonly limitedBy: LimitedBy | null;
  /** Who lets it stand still. */
  readonly paused: PausedBy | null;
}

/**
 * One timer for all transfers of a thread: tells what changed, and nothing while nothing runs. A peer that
 * pauses and goes on without end is told of no oftener than that.
 */
export class CountReporter {
  readonly #clock: Clock;
  readonly #post: (event: TransferEvent) => void;
  readonly #watched = new Map<TransferId, () => Counts | null>();
  readonly #told = new Map<TransferId, string>();
  readonly #toldPaused = new Map<TransferId, PausedBy>();
  #stopTimer: (() => void) | null = null;

  constructor(clock: Clock, post: (event: TransferEvent) => void) {
    this.#clock = clock;
    this.#post = post;
  }

  /** Passes an event on, after what led to it. A pause that outlasts the event is told again. */
  readonly emit = (event: TransferEvent): void => {
    this.#report();
    if ('transferId' in event) this.#toldPaused.delete(event.transferId);
    this.#post(event);
    if (event.kind === 'started') this.#report();
  };

  watch(transferId: TransferId, read: () => Counts | null): void {
    this.#watched.set(transferId, read);
    this.#stopTimer ??= this.#clock.every(REPORT_EVERY_MS, () => {
      this.#report();
    });
  }

  forget(transferId: TransferId): void {
    this.#watched.delete(transferId);
    this.#told.delete(transferId);
    this.#toldPaused.delete(transferId);
    if (this.#watched.size === 0) this.stop();
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
  }

  #report(): void {
    const counts: TransferCount[] = [];
    const pauses: TransferEvent[] = [];
    for (const [transferId, read] of this.#watched) {
      const now = read();
      if (!now) continue;
      const { bytes, files, limitedBy, paused } = now;
      if (this.#isNews(transferId, `${bytes} ${files} ${limitedBy}`)) {
        counts.push({ transferId, bytes, files, limitedBy });
      }
      if (paused === (this.#toldPaused.get(transferId) ?? null)) continue;
      if (paused === null) this.#toldPaused.delete(transferId);
      else this.#toldPaused.set(transferId, paused);
      pauses.push({ kind: 'paused', transferId, by: paused });
    }
    if (counts.length > 0) this.#post({ kind: 'counts', counts });
    for (const event of pauses) this.#post(event);
  }

  #isNews(transferId: TransferId, told: string): boolean {
    if (told === this.#told.get(transferId)) return false;
    this.#told.set(transferId, told);
    return true;
  }
}
