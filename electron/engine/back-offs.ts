import type { Clock } from './transfer/ports.ts';

/** Each no in a row doubles the time, as often as this. */
const MAX_DOUBLINGS = 5;
/** Keys that are remembered; the one that was turned away longest ago is forgotten first. */
export const MAX_BACK_OFFS = 512;
/** Who asks and takes it back this often in so long a time is turned away as if by a no. */
export const MAX_TAKEN_BACK = 20;
export const TAKEN_BACK_MS = 60_000;

interface BackOff {
  readonly untilMs: number;
  readonly doublings: number;
}

/** Who has been turned away, and for how long they are not heard. */
export class BackOffs {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #firstMs: number;
  readonly #byKey = new Map<string, BackOff>();
  readonly #takenBack = new Map<string, { count: number; readonly sinceMs: number }>();

  constructor(clock: Pick<Clock, 'nowMs'>, firstMs: number) {
    this.#clock = clock;
    this.#firstMs = firstMs;
  }

  get longestMs(): number {
    return this.#firstMs * 2 ** MAX_DOUBLINGS;
  }

  holds(key: string): boolean {
    return (this.#byKey.get(key)?.untilMs ?? 0) > this.#clock.nowMs();
  }

  /** Who was quiet for as long as the longest of them begins with the shortest again. */
  start(key: string): void {
    const nowMs = this.#clock.nowMs();
    const before = this.#byKey.get(key);
    const isNew = !before || before.untilMs + this.longestMs <= nowMs;
    const doublings = isNew ? 0 : Math.min(before.doublings + 1, MAX_DOUBLINGS);
    put(this.#byKey, key, { untilMs: nowMs + this.#firstMs * 2 ** doublings, doublings });
  }

  /** It asked, and nobody had answered when that was over. */
  tookBack(key: string): void {
    const nowMs = this.#clock.nowMs();
    const before = this.#takenBack.get(key);
    const sinceMs = before && nowMs - before.sinceMs < TAKEN_BACK_MS ? before.sinceMs : nowMs;
    const count = (before?.sinceMs === sinceMs ? before.count : 0) + 1;
    put(this.#takenBack, key, { count, sinceMs });
    if (count < MAX_TAKEN_BACK) return;
    this.#takenBack.delete(key);
    this.start(key);
  }

  forget(key: string): void {
    this.#byKey.delete(key);
    this.#takenBack.delete(key);
  }
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_BACK_OFFS && oldest !== undefined) map.delete(oldest);
}
