import type { Clock } from '../../electron/engine/transfer/ports.ts';
import { realClock } from '../../electron/engine/transfer/ports.ts';

/** The real clock, but timers of some lengths ring only when the test says so. */
export class HeldClock implements Clock {
  readonly #lengths: ReadonlySet<number>;
  readonly #held = new Map<symbol, { readonly ms: number; readonly run: () => void }>();

  constructor(...lengthsMs: readonly number[]) {
    this.#lengths = new Set(lengthsMs);
  }

  nowMs(): number {
    return realClock.nowMs();
  }

  after(ms: number, run: () => void): () => void {
    if (!this.#lengths.has(ms)) return realClock.after(ms, run);
    const key = Symbol();
    this.#held.set(key, { ms, run });
    return () => this.#held.delete(key);
  }

  every(ms: number, run: () => void): () => void {
    return realClock.every(ms, run);
  }

  waiting(ms: number): number {
    return [...this.#held.values()].filter((timer) => timer.ms === ms).length;
  }

  ring(ms: number): void {
    for (const [key, timer] of this.#held) {
      if (timer.ms !== ms) continue;
      this.#held.delete(key);
      timer.run();
    }
  }
}
