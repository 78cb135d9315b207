import type { Snapshot } from '../../../shared/model/snapshot.ts';
import type { Clock } from '../transfer/ports.ts';
import type { Change, EngineState } from './reduce.ts';
import { reduce, toSnapshot } from './reduce.ts';

/** At most ten snapshots a second, and ten more for what has ended: somebody waits for that. */
const PUBLISH_EVERY_MS = 100;
/**
 * So many ends after a rest are told at once, one by one. Whoever ends transfers without rest, as any peer
 * may, does not keep those busy who listen.
 */
const MAX_HURRIED = 10;

/** The only mutable state of the engine: changes go in, snapshots come out. */
export class Store {
  readonly #clock: Clock;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #state: EngineState;
  #snapshot: Snapshot;
  #publishedAtMs = Number.NEGATIVE_INFINITY;
  /** How many ends may be told out of turn, as of then. */
  #hurries = MAX_HURRIED;
  #hurriesAtMs = 0;
  #stopTimer: (() => void) | null = null;

  constructor(initial: EngineState, clock: Clock) {
    this.#state = initial;
    this.#snapshot = toSnapshot(initial);
    this.#clock = clock;
  }

  get state(): EngineState {
    return this.#state;
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  apply(change: Change): void {
    this.#state = reduce(this.#state, change);
    this.#snapshot = toSnapshot(this.#state);
    this.#publishSoon(isEnd(change) && this.#takeHurry() ? 0 : PUBLISH_EVERY_MS);
  }

  #takeHurry(): boolean {
    const nowMs = this.#clock.nowMs();
    const more = (nowMs - this.#hurriesAtMs) / PUBLISH_EVERY_MS;
    this.#hurries = Math.min(MAX_HURRIED, this.#hurries + more);
    this.#hurriesAtMs = nowMs;
    if (this.#hurries < 1) return false;
    this.#hurries -= 1;
    return true;
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Publishes what is still held back, then nothing more. */
  stop(): void {
    if (this.#stopTimer) this.#publish();
    this.#listeners.clear();
  }

  #publishSoon(apartMs: number): void {
    if (this.#stopTimer && apartMs > 0) return;
    this.#stopTimer?.();
    const waitMs = this.#publishedAtMs + apartMs - this.#clock.nowMs();
    this.#stopTimer = this.#clock.after(Math.max(0, waitMs), () => {
      this.#publish();
    });
  }

  #publish(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#publishedAtMs = this.#clock.nowMs();
    for (const listener of [...this.#listeners]) listener(this.#snapshot);
  }
}

function isEnd(change: Change): boolean {
  return change.kind === 'transferEvent' && change.event.kind === 'ended';
}
