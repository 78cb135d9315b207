import type { Clock } from '../../../electron/engine/transfer/ports.ts';
import { realClock } from '../../../electron/engine/transfer/ports.ts';

/** The real clock of a computer that sleeps now and then: afterwards it is later. */
export class JumpClock implements Clock {
  readonly #clock: Clock;
  #sleptMs = 0;

  constructor(clock: Clock = realClock) {
    this.#clock = clock;
  }

  jump(ms: number): void {
    this.#sleptMs += ms;
  }

  nowMs(): number {
    return this.#clock.nowMs() + this.#sleptMs;
  }

  after(ms: number, run: () => void): () => void {
    return this.#clock.after(ms, run);
  }

  every(ms: number, run: () => void): () => void {
    return this.#clock.every(ms, run);
  }
}
