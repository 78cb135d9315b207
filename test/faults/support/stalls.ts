import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

  constructor(onLonger: (longestMs: number) => void = () => undefined) {
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      const lateMs = Math.max(0, nowMs - this.#lastMs - TICK_MS);
      this.#stalledMs += lateMs;
      this.#lastMs = nowMs;
      if (lateMs <= this.longestMs) return;
      this.longestMs = lateMs;
      onLonger(lateMs);
    }, TICK_MS);
  }

  /** Does not keep its thread alive. */
  unref(): this {
    this.#timer.unref();
    return this;
  }

  /** Stops it. */
  ms(): number {
    clearInterval(this.#timer);
    return performance.now() - this.#startMs - this.#stalledMs;
  }
}

/** Keeps the longest stall of this thread in a file of that folder, for whoever started the program. */
export function tellStalls(thread: string, folder = process.env['DROPLINE_STALLS']): void {
  if (folder === undefined) return;
  const path = join(folder, thread);
  new StopWatch((longestMs) => {
    writeFileSync(path, String(Math.round(longestMs)));
  }).unref();
}
