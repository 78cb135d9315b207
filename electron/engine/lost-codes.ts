import {
  LOST_CODES_WINDOW_MS,
  MAX_LOST_CODES,
  MAX_LOST_CODES_PER_ADDRESS,
  PAIRING_REFUSED_MS,
} from '../../shared/protocol/limits.ts';

interface Draw {
  readonly address: string;
  readonly atMs: number;
}

/**
 * Codes that the other side may have known and that did not lead to a pairing. Whoever sits in between
 * could draw until two are the same, so draws are few, whatever ends them (PROTOCOL.md §13.5).
 */
export class LostCodes {
  #draws: readonly Draw[] = [];
  readonly #refusedUntilMs = new Map<string, number>();

  /** Counts from the moment the other side may know it: what became of it is seen later. */
  draw(address: string, nowMs: number): void {
    this.#forgetOld(nowMs);
    this.#draws = [...this.#draws, { address, atMs: nowMs }];
    const mine = this.#draws.filter((draw) => draw.address === address);
    if (mine.length >= MAX_LOST_CODES_PER_ADDRESS) {
      this.#refusedUntilMs.set(address, nowMs + PAIRING_REFUSED_MS);
    }
  }

  /** The last one of that address was a good one, and tells who is there: the earlier ones were too. */
  paired(address: string): void {
    this.#draws = this.#draws.filter((draw) => draw.address !== address);
    this.#refusedUntilMs.delete(address);
  }

  refuses(address: string, nowMs: number): boolean {
    this.#forgetOld(nowMs);
    return this.#draws.length >= MAX_LOST_CODES || this.#refusedUntilMs.has(address);
  }

  #forgetOld(nowMs: number): void {
    this.#draws = this.#draws.filter(({ atMs }) => nowMs - atMs < LOST_CODES_WINDOW_MS);
    for (const [address, untilMs] of this.#refusedUntilMs) {
      if (nowMs >= untilMs) this.#refusedUntilMs.delete(address);
    }
  }
}
