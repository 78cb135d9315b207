import type { TransferId } from '../../../shared/model/transfer.ts';
import type { Clock } from './ports.ts';
import type { TransferCount, TransferEvent } from './worker-messages.ts';

const REPORT_EVERY_MS = 100;

type Counts = { readonly bytes: number; readonly files: number } | null;

/** One timer for all transfers of a thread: tells what changed, and nothing while nothing runs. */
export class CountReporter {
  readonly #clock: Clock;
  readonly #post: (event: TransferEvent) => void;
  readonly #watched = new Map<TransferId, () => Counts>();
  readonly #told = new Map<TransferId, string>();
  #stopTimer: (() => void) | null = null;

  constructor(clock: Clock, post: (event: TransferEvent) => void) {
    this.#clock = clock;
    this.#post = post;
  }

  /** Passes an event on, after the counts that led to it. */
  readonly emit = (event: TransferEvent): void => {
    this.#report();
    this.#post(event);
  };

  watch(transferId: TransferId, read: () => Counts): void {
    this.#watched.set(transferId, read);
    this.#stopTimer ??= this.#clock.every(REPORT_EVERY_MS, () => {
      this.#report();
    });
  }

  forget(transferId: TransferId): void {
    this.#watched.delete(transferId);
    this.#told.delete(transferId);
    if (this.#watched.size === 0) this.stop();
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
  }

  #report(): void {
    const counts: TransferCount[] = [];
    for (const [transferId, read] of this.#watched) {
      const now = read();
      const told = now && `${now.bytes} ${now.files}`;
      if (!now || told === null || told === this.#told.get(transferId)) continue;
      this.#told.set(transferId, told);
      counts.push({ transferId, ...now });
    }
    if (counts.length > 0) this.#post({ kind: 'counts', counts });
  }
}
