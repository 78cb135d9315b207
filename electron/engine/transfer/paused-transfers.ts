import type { Failure } from '../../../shared/errors.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { CountReporter } from './count-reporter.ts';
import type { ReceiveSession } from './receive-session.ts';

/** What the person here lets stand still of what comes in, whether there is a wire or not. */
export class PausedTransfers {
  readonly #reporter: CountReporter;
  /** With what has cut their wire since; null: it is whole. */
  readonly #cuts = new Map<TransferId, Failure | null>();

  constructor(reporter: CountReporter) {
    this.#reporter = reporter;
  }

  /** Too late once all has come. */
  pause(transferId: TransferId, session: ReceiveSession | undefined): void {
    if (session?.finishing === true || this.#cuts.has(transferId)) return;
    this.#cuts.set(transferId, null);
    session?.pause();
  }

  resume(transferId: TransferId, session: ReceiveSession | undefined): void {
    const failure = this.#cuts.get(transferId);
    if (!this.#cuts.delete(transferId)) return;
    session?.resume();
    if (failure) this.#reporter.emit({ kind: 'interrupted', transferId, failure });
  }

  /** Content may flow again: the sender is told at once that it may not. */
  streams(transferId: TransferId, session: ReceiveSession): void {
    if (!this.#cuts.has(transferId)) return;
    this.#cuts.set(transferId, null);
    session.pause();
  }

  /** What is paused here stays so without a wire: nothing is expected to come. */
  cut(transferId: TransferId, failure: Failure): void {
    if (this.#cuts.has(transferId)) {
      this.#cuts.set(transferId, failure);
      this.#reporter.emit({ kind: 'paused', transferId, by: 'us' });
    } else this.#reporter.emit({ kind: 'interrupted', transferId, failure });
  }

  /** Its sender calls it otherwise now. */
  renamed(from: TransferId, to: TransferId): void {
    if (this.#cuts.delete(from)) this.#cuts.set(to, null);
  }

  forget(transferId: TransferId): void {
    this.#cuts.delete(transferId);
  }
}
