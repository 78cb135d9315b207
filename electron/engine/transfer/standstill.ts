import type { Clock } from './ports.ts';

/**
 * Whether the person here lets a transfer stand still, with a wire or without, and the waits that end with
 * what they say. All of them throw what the signal was aborted with.
 */
export class Standstill {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #wake: () => void = () => undefined;
  wanted = false;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    signal.addEventListener('abort', () => {
      this.#wake();
    });
  }

  /** Whoever waits, for this or for the time, goes on at once. */
  end(): void {
    this.wanted = false;
    this.#wake();
  }

  /** Whoever waits for the time goes on at once. */
  hurry(): void {
    this.#wake();
  }

  /** Resolves when nobody wants it any more. */
  async over(): Promise<void> {
    while (this.wanted && !this.#signal.aborted) await this.#woken(null);
    this.#signal.throwIfAborted();
  }

  /** Resolves after that time, or when the person does not want to wait for it. */
  async wait(ms: number): Promise<void> {
    if (!this.#signal.aborted) await this.#woken(ms);
    this.#signal.throwIfAborted();
  }

  #woken(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const stop = ms === null ? () => undefined : this.#clock.after(ms, resolve);
      this.#wake = () => {
        stop();
        resolve();
      };
    });
  }
}
