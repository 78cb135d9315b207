const MIB = 1024 * 1024;

/** What one page may have been asked for and not yet handed on: the memory that it can cost us. */
export const PAGE_BUDGET_BYTES = 8 * MIB;
/** The largest range of one request. */
export const PAGE_REQUEST_BYTES = MIB;
/** Readings of one page that go on at once: transfers of the same drop to several people. */
export const PAGE_SHARES = 4;

/** One reading's part of the budget. */
export interface BudgetShare {
  /** False: not now. Whoever gives back makes the owner of the budget ask again. */
  take(bytes: number): boolean;
  give(bytes: number): void;
  /** No more is taken; the share is free for another reading once all of it is given back. */
  close(): void;
}

interface Share {
  used: number;
  isOpen: boolean;
}

/**
 * Divides the budget so that a reading whose peer has stalled cannot starve another: each share, taken
 * or not, keeps the room of one request, and what is left goes to whoever asks first.
 */
export class PageBudget {
  readonly #shares: Share[] = [];
  readonly #onRoom: () => void;

  /** `onRoom`: something was given back, so that what was refused may be asked for again. */
  constructor(onRoom: () => void) {
    this.#onRoom = onRoom;
  }

  get usedBytes(): number {
    return this.#shares.reduce((sum, share) => sum + share.used, 0);
  }

  /** null: every share is taken. */
  openShare(): BudgetShare | null {
    if (this.#shares.length === PAGE_SHARES) return null;
    const share: Share = { used: 0, isOpen: true };
    this.#shares.push(share);
    return {
      take: (bytes) => {
        if (!share.isOpen || !this.#fits(share, bytes)) return false;
        share.used += bytes;
        return true;
      },
      give: (bytes) => {
        share.used -= bytes;
        this.#dropIfDone(share);
        this.#onRoom();
      },
      close: () => {
        if (!share.isOpen) return;
        share.isOpen = false;
        this.#dropIfDone(share);
        this.#onRoom();
      },
    };
  }

  #fits(taker: Share, bytes: number): boolean {
    const free = PAGE_SHARES - this.#shares.length;
    let committed = free * PAGE_REQUEST_BYTES;
    for (const share of this.#shares) {
      const used = share.used + (share === taker ? bytes : 0);
      committed += Math.max(used, PAGE_REQUEST_BYTES);
    }
    return committed <= PAGE_BUDGET_BYTES;
  }

  #dropIfDone(share: Share): void {
    const at = share.isOpen || share.used > 0 ? -1 : this.#shares.indexOf(share);
    if (at >= 0) this.#shares.splice(at, 1);
  }
}
