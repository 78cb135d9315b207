import { performance } from 'node:perf_hooks';

const TICK_MS = 10;

/** How long something took, without the time in which this process did not get the processor. */
export class StopWatch {
  readonly #startMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #lastMs = performance.now();
  #stalledMs = 0;
  /** The longest time in which this thread did nothing else. */
  longestMs = 0;

  constructor() {
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      const lateMs = Math.max(0, nowMs - this.#lastMs - TICK_MS);
      this.#stalledMs += lateMs;
      this.longestMs = Math.max(this.longestMs, lateMs);
      this.#lastMs = nowMs;
    }, TICK_MS);
  }

  /** Stops it. */
  ms(): number {
    clearInterval(this.#timer);
    return performance.now() - this.#startMs - this.#stalledMs;
  }
}
