/** Of a sync in the pool, and of what its turn does besides: then one may be tried within a turn. */
const MAY_TRY_MS = 25;
/** Of one within a turn: then it costs less than the way to the pool. */
const IS_QUICK_MS = 0.2;
/** Those that go to the pool after one that was slow: twice as many after each that was slow again. */
const SLOW_FOR = { least: 64, most: 8_192 };

/**
 * Whether the syncs of a disk are so quick (memory, a controller with a battery) that they are done where
 * they stand, or wait for it in the pool, many at once. None is done within a turn before one in the pool
 * was quick: a disk that hangs holds up nobody but whoever waits for it.
 */
export class SyncPace {
  #poolFor = 1;
  #slowFor = SLOW_FOR.least;

  get isQuick(): boolean {
    return this.#poolFor === 0;
  }

  tookInPool(ms: number): void {
    if (this.#poolFor > 1) this.#poolFor--;
    else if (ms <= MAY_TRY_MS) this.#poolFor = 0;
  }

  tookInTurn(ms: number): void {
    if (ms <= IS_QUICK_MS) {
      this.#slowFor = SLOW_FOR.least;
      return;
    }
    this.#poolFor = this.#slowFor;
    this.#slowFor = Math.min(2 * this.#slowFor, SLOW_FOR.most);
  }
}
