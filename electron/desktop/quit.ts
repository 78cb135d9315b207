import type { Snapshot } from '../../shared/model/snapshot.ts';
import { isFinished } from '../../shared/model/transfer.ts';

/** A stop that takes longer than this is cut short: what was received stays resumable. */
const STOP_WITHIN_MS = 5_000;

export interface QuitPorts {
  readonly isBusy: () => boolean;
  /** true: stop the transfers and quit. */
  readonly askToStop: () => Promise<boolean>;
  readonly stop: () => Promise<void>;
  readonly exit: () => void;
  readonly wait: (ms: number) => Promise<void>;
}

/** The only way out of a running program, however it was asked for. */
export class Quit {
  readonly #ports: QuitPorts;
  #phase: 'running' | 'asking' | 'stopping' = 'running';

  constructor(ports: QuitPorts) {
    this.#ports = ports;
  }

  /** A person asked: what is under way is not dropped without a word. */
  async request(): Promise<void> {
    if (this.#phase !== 'running') return;
    if (this.#ports.isBusy()) {
      this.#phase = 'asking';
      const goAhead = await this.#ports.askToStop().catch(() => false);
      // A signal may have come while the question stood.
      if (this.#phase !== 'asking') return;
      this.#phase = 'running';
      if (!goAhead) return;
    }
    await this.now();
  }

  /** The system asked: there may be nobody to answer a question. */
  async now(): Promise<void> {
    if (this.#phase === 'stopping') return;
    this.#phase = 'stopping';
    const stopped = this.#ports.stop().catch(() => undefined);
    await Promise.race([stopped, this.#ports.wait(STOP_WITHIN_MS)]);
    this.#ports.exit();
  }
}

/** An offer that nobody has answered is not work under way. */
export function isBusy(snapshot: Pick<Snapshot, 'transfers'>): boolean {
  return snapshot.transfers.some(
    (transfer) => !isFinished(transfer) && transfer.phase !== 'offered',
  );
}
