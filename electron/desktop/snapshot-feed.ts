import type { Snapshot } from '../../shared/model/snapshot.ts';

/**
 * Hands snapshots to one page, one at a time: the next goes out when the page says that it has seen
 * the last, and only the newest is kept. A page that hangs therefore costs no memory.
 */
export class SnapshotFeed {
  readonly #latest: () => Snapshot;
  readonly #push: (snapshot: Snapshot) => void;
  #watched = false;
  #underWay = false;
  #changed = false;

  constructor(latest: () => Snapshot, push: (snapshot: Snapshot) => void) {
    this.#latest = latest;
    this.#push = push;
  }

  /** A page has loaded; what an earlier one had not seen is of no interest any more. */
  watch(): null {
    this.#watched = true;
    this.#send();
    return null;
  }

  seen(): null {
    this.#underWay = false;
    if (this.#changed) this.#send();
    return null;
  }

  /** The engine has a new snapshot. */
  changed(): void {
    this.#changed = true;
    if (this.#watched && !this.#underWay) this.#send();
  }

  #send(): void {
    this.#changed = false;
    this.#underWay = true;
    this.#push(this.#latest());
  }
}
