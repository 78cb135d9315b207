import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Transfer } from '../../shared/model/transfer.ts';

/** How it stands with everything, at a glance: for the tray, the task bar and the dock. */
export interface Standing {
  /** Under way, in both directions. */
  readonly underWay: number;
  /** Of the bytes of all that are; null: none are, or nothing can be said. */
  readonly fraction: number | null;
  /** Nothing moves until somebody lets it. */
  readonly isPaused: boolean;
  /** Offers and codes that wait for this person. */
  readonly waiting: number;
}

type Seen = Pick<Snapshot, 'transfers' | 'pairings'>;

export function standingOf({ transfers, pairings }: Seen): Standing {
  const moving = transfers.filter(isMoving);
  const all = moving.reduce((sum, { totals }) => sum + totals.bytes, 0);
  const done = moving.reduce((sum, transfer) => sum + doneBytes(transfer), 0);
  const offers = transfers.filter(
    ({ direction, phase }) => direction === 'receive' && phase === 'offered',
  );
  const codes = pairings.filter(({ phase }) => phase === 'comparing' || phase === 'matchedThere');
  return {
    underWay: moving.length,
    fraction: all > 0 ? Math.min(1, done / all) : null,
    isPaused: moving.length > 0 && moving.every(({ phase }) => phase === 'paused'),
    waiting: offers.length + codes.length,
  };
}

function isMoving({ phase }: Transfer): boolean {
  return phase === 'transferring' || phase === 'paused' || phase === 'finishing';
}

/** A peer's totals are a claim. */
function doneBytes(transfer: Transfer): number {
  const { bytes } = transfer.totals;
  return 'bytes' in transfer ? Math.min(transfer.bytes, bytes) : bytes;
}
