import type { Clock } from './ports.ts';

/**
 * How long a wire that is cut is dialled again. Only more than ever has arrived is progress: a peer that
 * takes the same bytes again and hangs up makes none.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #lastsMs: number;
  /** When the wire was cut, without progress since; null: there was some. */
  #cutAtMs: number | null = null;
  /** The most of the offer that the receiver ever had. */
  #mostBytes = 0;

  constructor(clock: Clock, lastsMs: number) {
    this.#clock = clock;
    this.#lastsMs = lastsMs;
  }

  /** The receiver has so much of it. */
  has(bytes: number): void {
    if (bytes <= this.#mostBytes) return;
    this.#mostBytes = bytes;
    this.renew();
  }

  /** Another offer takes its place: nothing of that is there. */
  beginAnew(): void {
    this.#mostBytes = 0;
  }

  renew(): void {
    this.#cutAtMs = null;
  }

  /** The wire is cut: whether it has been for too long. */
  get isOver(): boolean {
    const nowMs = this.#clock.nowMs();
    this.#cutAtMs ??= nowMs;
    return nowMs - this.#cutAtMs >= this.#lastsMs;
  }
}
