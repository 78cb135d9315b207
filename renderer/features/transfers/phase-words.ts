import type { Transfer } from '../../../shared/model/transfer.ts';
import { failureWords, t } from '../../text.tsx';

const PAUSED = { us: 'pausedByUs', peer: 'pausedByPeer', both: 'pausedByBoth' } as const;

/** Where a transfer is, in words. */
export function phaseWords(transfer: Transfer): string {
  const { direction } = transfer;
  switch (transfer.phase) {
    case 'delivered': {
      const { count } = transfer.failed;
      if (count > 0) return t(`phase.${direction}.deliveredPartly`, { count });
      return t(
        transfer.verified
          ? `phase.${direction}.delivered`
          : `phase.${direction}.deliveredUnchecked`,
      );
    }
    case 'cancelled':
      return t(
        transfer.by === 'us'
          ? `phase.${direction}.cancelledByUs`
          : `phase.${direction}.cancelledByPeer`,
      );
    case 'paused':
      return t(`phase.${direction}.${PAUSED[transfer.by]}`);
    case 'failed':
      return `${t(`phase.${direction}.failed`)}: ${failureWords(transfer.failure).title}`;
    case 'preparing':
    case 'connecting':
    case 'waiting':
    case 'offered':
    case 'transferring':
    case 'finishing':
    case 'interrupted':
    case 'declined':
      return t(`phase.${direction}.${transfer.phase}`);
  }
}
