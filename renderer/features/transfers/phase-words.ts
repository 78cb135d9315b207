import type { Transfer } from '../../../shared/model/transfer.ts';
import { ending, t } from '../../text.tsx';

const PAUSED = { us: 'pausedByUs', peer: 'pausedByPeer', both: 'pausedByBoth' } as const;

/** Where a transfer is, in words. */
export function phaseWords(transfer: Transfer): string {
  switch (transfer.phase) {
    case 'delivered':
    case 'declined':
    case 'cancelled':
    case 'failed':
      return ending(transfer);
    case 'paused':
      return t(`phase.${transfer.direction}.${PAUSED[transfer.by]}`);
    case 'interrupted': {
      const why = transfer.failure.code === 'DISK_FULL' ? 'noRoom' : 'interrupted';
      return t(`phase.${transfer.direction}.${why}`);
    }
    case 'preparing':
    case 'connecting':
    case 'waiting':
    case 'offered':
    case 'transferring':
    case 'finishing':
      return t(`phase.${transfer.direction}.${transfer.phase}`);
  }
}
