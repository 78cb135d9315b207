import type { Clock } from '../../electron/engine/transfer/ports.ts';

interface Alarm {
  readonly atMs: number;
  readonly run: () => void;
}

/** A clock that stands still until a test turns it. */
export class HandClock implements Clock {
  #nowMs = 0;
  readonly #alarms = new Set<Alarm>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    const alarm: Alarm = { atMs: this.#nowMs + ms, run };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  every(ms: number, run: () => void): () => void {
    let stop: () => void;
    const again = (): void => {
      stop = this.after(ms, () => {
        again();
        run();
      });
    };
    again();
    return () => stop();
  }

  /** How many timers would still ring. */
  get pending(): number {
    return this.#alarms.size;
  }

  turn(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [due] = [...this.#alarms]
        .filter((alarm) => alarm.atMs <= endMs)
        .sort((a, b) => a.atMs - b.atMs);
      if (due === undefined) break;
      this.#nowMs = due.atMs;
      this.#alarms.delete(due);
      due.run();
    }
    this.#nowMs = endMs;
  }
}
