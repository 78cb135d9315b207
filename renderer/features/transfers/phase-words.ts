import type { Transfer } from '../../../shared/model/transfer.ts';
import { isInterruption } from '../../../shared/model/transfer-actions.ts';
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
    case 'interrupted':
      return interruption(transfer);
    case 'preparing':
    case 'connecting':
    case 'waiting':
    case 'offered':
    case 'transferring':
    case 'finishing':
      return t(`phase.${transfer.direction}.${transfer.phase}`);
  }
}

/** Only what the wire did goes on by itself. */
function interruption({ direction, failure }: Transfer & { phase: 'interrupted' }): string {
  if (failure.code === 'DISK_FULL') return t(`phase.${direction}.noRoom`);
  const goesOn = direction === 'send' || isInterruption(failure);
  return t(goesOn ? `phase.${direction}.interrupted` : 'phase.receive.stopped');
}
