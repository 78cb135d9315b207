/** Of a sync in the pool, its way there and back included: then one may be tried within a turn. */
const MAY_TRY_MS = 5;
/** Of one within a turn: then it costs less than the way to the pool. */
const IS_QUICK_MS = 0.2;
/** Those that go to the pool after one that was slow. */
const SLOW_FOR = 64;

/**
 * Whether the syncs of a disk are so quick (memory, a controller with a battery) that they are done where
 * they stand, or wait for it in the pool, many at once. None is done within a turn before one in the pool
 * was quick: a disk that hangs holds up nobody but whoever waits for it.
 */
export class SyncPace {
  #poolFor = 1;

  get isQuick(): boolean {
    return this.#poolFor === 0;
  }

  tookInPool(ms: number): void {
    if (this.#poolFor > 1) this.#poolFor--;
    else if (ms <= MAY_TRY_MS) this.#poolFor = 0;
  }

  tookInTurn(ms: number): void {
    if (ms > IS_QUICK_MS) this.#poolFor = SLOW_FOR;
  }
}
