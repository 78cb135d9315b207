import { holdUpOf } from '../../../shared/model/limit.ts';
import type { HoldUp } from '../../../shared/model/limit.ts';
import { ACK_EVERY_BYTES, ACK_EVERY_MS } from '../../../shared/protocol/limits.ts';
import type { EffortMeter } from './effort-meter.ts';
import type { Clock } from './ports.ts';

export interface AcknowledgerOptions {
  readonly clock: Clock;
  /** Payload that came in this connection and is written. */
  readonly writtenBytes: () => number;
  /** Writes what has come of a frame that is not whole. */
  readonly takeHeld: () => void;
  /** What is said to hold it up. */
  readonly meter: Pick<EffortMeter, 'effort'>;
  readonly say: (bytes: number, holdUp: HoldUp) => void;
}

/** Tells the sender how much is written, so that it goes on (PROTOCOL.md §5.8). */
export class Acknowledger {
  readonly #options: AcknowledgerOptions;
  readonly #stop: () => void;
  #saidBytes = 0;
  #saidAtMs = 0;

  constructor(options: AcknowledgerOptions) {
    this.#options = options;
    this.#stop = options.clock.every(ACK_EVERY_MS, () => {
      this.#ring();
    });
  }

  stop(): void {
    this.#stop();
  }

  /**
   * Takes what came by `write`. A slow disk holds this thread for so long that no timer rings between two
   * writes: what comes then is told as it comes. Throws what the disk does.
   */
  around(write: () => void): void {
    const { clock, writtenBytes } = this.#options;
    const beganMs = clock.nowMs();
    write();
    const isDue = writtenBytes() - this.#saidBytes >= ACK_EVERY_BYTES;
    if (isDue || clock.nowMs() - this.#saidAtMs >= ACK_EVERY_MS) this.sayNow(beganMs);
  }

  sayNow(nowMs = this.#options.clock.nowMs()): void {
    const bytes = this.#options.writtenBytes();
    if (bytes === this.#saidBytes) return;
    this.#saidBytes = bytes;
    this.#saidAtMs = nowMs;
    this.#options.say(bytes, holdUpOf(this.#options.meter.effort));
  }

  /** Little comes, and what came is written and shown all the same. */
  #ring(): void {
    this.#options.takeHeld();
    this.sayNow();
  }
}
