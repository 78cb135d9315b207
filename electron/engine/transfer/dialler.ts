import type { PeerId, Place } from '../../../shared/model/peer.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import type { Identity } from './authentication.ts';
import type { Connection } from './connection.ts';
import { Dial } from './dial.ts';
import { TRANSFER } from './dialects.ts';
import type { Clock } from './ports.ts';
import { Whereabouts } from './whereabouts.ts';

/** Anyone can flood the network with announcements: they lead to no more dials than this. */
export const NEWS_EVERY_MS = 1_000;
/** How long a dial takes up news, so that a flood of it does not keep the dial from its end. */
const TAKES_NEWS_MS = 5_000;

/** Finds one peer as often as it takes, wherever it was heard of last. */
export class Dialler {
  readonly #clock: Clock;
  readonly #where: Whereabouts;
  #dial: Dial<Message> | null = null;
  #dialledAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #stopTimer: (() => void) | null = null;
  /** Where the last connection leads. */
  #at: Place | null = null;
  /** Whoever waits before the next dial need not wait any longer. */
  onNews: () => void = () => undefined;

  constructor(clock: Clock, places: readonly Place[]) {
    this.#clock = clock;
    this.#where = new Whereabouts(places, clock);
  }

  /** The port that the peer was reached at last. */
  get port(): number {
    return this.#at?.port ?? 0;
  }

  get isHinted(): boolean {
    return this.#where.isHinted;
  }

  /** The peer is announced, but not where it was reached last. */
  get isElsewhere(): boolean {
    return this.#at !== null && this.#where.isElsewhere(this.#at);
  }

  /** Throws as `Dial` does. */
  async dial(
    identity: Identity,
    expectedPeerId: PeerId | null,
    signal: AbortSignal,
  ): Promise<Connection> {
    this.#dialledAtMs = this.#triedAtMs = this.#clock.nowMs();
    const { places } = this.#where;
    const dial = new Dial({
      dialect: TRANSFER,
      identity,
      clock: this.#clock,
      places,
      expectedPeerId,
      signal,
    });
    this.#dial = dial;
    try {
      const { connection, place } = await dial.answered;
      this.#at = place;
      this.#where.met(place);
      return connection;
    } finally {
      this.#dial = null;
    }
  }

  announced(places: readonly Place[]): void {
    if (!this.#where.announced(places) || this.#stopTimer) return;
    const waitMs = this.#triedAtMs + NEWS_EVERY_MS - this.#clock.nowMs();
    if (waitMs <= 0) {
      this.#useNews();
      return;
    }
    this.#stopTimer = this.#clock.after(waitMs, () => {
      this.#stopTimer = null;
      this.#useNews();
    });
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
  }

  #useNews(): void {
    const nowMs = this.#clock.nowMs();
    this.#triedAtMs = nowMs;
    if (!this.#dial) this.onNews();
    else if (nowMs - this.#dialledAtMs < TAKES_NEWS_MS) this.#dial.add(this.#where.places);
  }
}
