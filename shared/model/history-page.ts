import type { Transfer, TransferId } from './transfer.ts';

/** A part of what has ended and fits, newest first. */
export interface HistoryPage {
  readonly transfers: readonly Transfer[];
  /** How many fit in all. */
  readonly total: number;
  /** Those of `transfers` whose files are still where they were saved. */
  readonly there: readonly TransferId[];
  /** Those of `transfers` that were sent from here and can be sent again. */
  readonly again: readonly TransferId[];
}
