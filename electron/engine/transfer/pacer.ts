import type { Clock } from './ports.ts';

/** What may go out at once after a rest: enough to keep a wire busy, too little for others to notice. */
const BURST_MS = 100;
/** Less than this is waited for: smaller frames cost more than they carry. */
export const LEAST_BYTES = 16 * 1024;

/** Holds all that a thread sends to so many bytes a second, whatever it is and to whom. */
export class Pacer {
  readonly #clock: Clock;
  #bytesPerSecond: number | null = null;
  #bytes = 0;
  #filledAtMs: number;
  readonly #waiting = new Set<() => void>();
  #stopTimer: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filledAtMs = clock.nowMs();
  }

  /** null: as fast as it goes. Counts at once, also for those that wait. */
  set(bytesPerSecond: number | null): void {
    this.#fill();
    this.#bytesPerSecond = bytesPerSecond;
    this.#wakeAll();
  }

  /** What may be sent now. */
  get roomBytes(): number {
    if (this.#bytesPerSecond === null) return Infinity;
    this.#fill();
    return this.#bytes >= LEAST_BYTES ? Math.floor(this.#bytes) : 0;
  }

  /** What went out while there was no limit is not made up for under one. */
  spend(bytes: number): void {
    if (this.#bytesPerSecond !== null) this.#bytes -= bytes;
  }

  /** Calls back once, when there may be room. */
  onRoom(run: () => void): void {
    this.#waiting.add(run);
    if (this.#stopTimer !== null || this.#bytesPerSecond === null) return;
    const missing = Math.max(0, LEAST_BYTES - this.#bytes);
    const ms = Math.max(1, Math.ceil((missing * 1000) / this.#bytesPerSecond));
    this.#stopTimer = this.#clock.after(ms, () => this.#wakeAll());
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#waiting.clear();
  }

  get #burstBytes(): number {
    return Math.max(LEAST_BYTES, ((this.#bytesPerSecond ?? 0) * BURST_MS) / 1000);
  }

  #fill(): void {
    const nowMs = this.#clock.nowMs();
    const gained = ((this.#bytesPerSecond ?? 0) * (nowMs - this.#filledAtMs)) / 1000;
    this.#filledAtMs = nowMs;
    this.#bytes = Math.min(this.#bytes + gained, this.#burstBytes);
  }

  #wakeAll(): void {
    const waiting = [...this.#waiting];
    this.stop();
    for (const run of waiting) run();
  }
}
