import type { Effort } from '../../../shared/model/limit.ts';
import type { Clock } from './ports.ts';

/** What is told is of so long: less would flicker. */
const WINDOW_MS = 1_000;
/** Nothing is told before: how many lanes a transfer goes by must not wait for long. */
const FIRST_WINDOW_MS = 400;
/** Of the window before, in what is told. */
const MEMORY = 0.5;

const NONE: Effort = { disk: 0, waiting: 0, busy: 0 };

type Kind = 'disk' | 'waiting';

/** How a transfer spends the time of its thread, window by window. */
export class EffortMeter {
  readonly #clock: Clock;
  readonly #busyShare: () => number;
  readonly #spentMs = { disk: 0, waiting: 0 };
  /** Under way, each since when. */
  readonly #under = { disk: { count: 0, sinceMs: 0 }, waiting: { count: 0, sinceMs: 0 } };
  #windowAtMs: number;
  #told: Effort | null = null;
  #isHeld = false;

  /** `busyShare`: of this thread since it was asked last. */
  constructor(clock: Clock, busyShare: () => number = threadBusyShare()) {
    this.#clock = clock;
    this.#busyShare = busyShare;
    this.#windowAtMs = clock.nowMs();
    busyShare();
  }

  begin(kind: Kind): void {
    const under = this.#under[kind];
    if (under.count++ === 0) under.sinceMs = this.#clock.nowMs();
  }

  end(kind: Kind): void {
    const under = this.#under[kind];
    if (--under.count === 0) this.#spentMs[kind] += this.#clock.nowMs() - under.sinceMs;
  }

  /** Throws what `call` does. */
  disk<T>(call: () => T): T {
    this.begin('disk');
    try {
      return call();
    } finally {
      this.end('disk');
    }
  }

  /** Nothing is taken until the disk has done what it has. Said again it means nothing. */
  hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) this.begin('disk');
    else this.end('disk');
  }

  /** What was before counts no more: a receiver has nothing to do until somebody says yes. */
  restart(): void {
    const nowMs = this.#clock.nowMs();
    this.#take('disk', nowMs);
    this.#take('waiting', nowMs);
    this.#busyShare();
    this.#windowAtMs = nowMs;
    this.#told = null;
  }

  /** Nothing of the first window before it is over. */
  get effort(): Effort {
    const nowMs = this.#clock.nowMs();
    const elapsedMs = nowMs - this.#windowAtMs;
    if (elapsedMs < (this.#told ? WINDOW_MS : FIRST_WINDOW_MS)) return this.#told ?? NONE;
    this.#windowAtMs = nowMs;
    const now = {
      disk: Math.min(1, this.#take('disk', nowMs) / elapsedMs),
      waiting: Math.min(1, this.#take('waiting', nowMs) / elapsedMs),
      busy: this.#busyShare(),
    };
    this.#told = this.#told === null ? now : blend(this.#told, now);
    return this.#told;
  }

  #take(kind: Kind, nowMs: number): number {
    const under = this.#under[kind];
    let spentMs = this.#spentMs[kind];
    this.#spentMs[kind] = 0;
    if (under.count > 0) {
      spentMs += nowMs - under.sinceMs;
      under.sinceMs = nowMs;
    }
    return spentMs;
  }
}

function blend(old: Effort, now: Effort): Effort {
  const of = (kind: keyof Effort): number => old[kind] * MEMORY + now[kind] * (1 - MEMORY);
  return { disk: of('disk'), waiting: of('waiting'), busy: of('busy') };
}

function threadBusyShare(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
