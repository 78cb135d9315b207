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
  #isAsking = false;
  #isStopping = false;

  constructor(ports: QuitPorts) {
    this.#ports = ports;
  }

  /** A person asked: what is under way is not dropped without a word. */
  async request(): Promise<void> {
    if (this.#isAsking) return;
    if (this.#ports.isBusy()) {
      this.#isAsking = true;
      const goAhead = await this.#ports.askToStop().catch(() => false);
      this.#isAsking = false;
      if (!goAhead) return;
    }
    await this.now();
  }

  /** The system asked: there may be nobody to answer a question. */
  async now(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
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
