import type { Clock } from './ports.ts';

/** A person who cancels hears of it within a second, also from the other end. */
export const FELT_AFTER_MS = 500;

/** Tells an end once: when all is settled, or before, where the disk takes longer than a person waits. */
export class ToldEnd {
  readonly #tell: () => Promise<void>;
  #telling: Promise<void> | null = null;
  #stopTimer = (): void => undefined;

  constructor(tell: () => Promise<void>) {
    this.#tell = tell;
  }

  /** `mayTell`: asked when it is time. */
  soon(clock: Clock, mayTell: () => boolean): this {
    this.#stopTimer = clock.after(FELT_AFTER_MS, () => {
      if (mayTell()) void this.now();
    });
    return this;
  }

  now(): Promise<void> {
    this.#stopTimer();
    this.#telling ??= this.#tell();
    return this.#telling;
  }

  /** There is nothing to tell. */
  drop(): void {
    this.#stopTimer();
  }
}
