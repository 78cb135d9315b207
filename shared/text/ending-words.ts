import type { Transfer } from '../model/transfer.ts';
import { isErrorCode } from '../errors.ts';
import type { Say } from './speech.ts';

type Ended = Extract<
  Transfer,
  { readonly phase: 'delivered' | 'declined' | 'cancelled' | 'failed' }
>;

export function hasEnded(transfer: Transfer): transfer is Ended {
  return 'finishedAtMs' in transfer;
}

/** How a transfer ended, in words; `say` gives those of a key. */
export function endingWords(transfer: Ended, say: Say): string {
  const { direction } = transfer;
  switch (transfer.phase) {
    case 'delivered': {
      const { count } = transfer.failed;
      if (count > 0) return say(`phase.${direction}.deliveredPartly`, { count });
      const key = transfer.verified ? 'delivered' : 'deliveredUnchecked';
      return say(`phase.${direction}.${key}`);
    }
    case 'declined':
      return say(`phase.${direction}.declined`);
    case 'cancelled':
      return say(
        `phase.${direction}.${transfer.by === 'us' ? 'cancelledByUs' : 'cancelledByPeer'}`,
      );
    case 'failed': {
      const { code } = transfer.failure;
      return say('join.ending', {
        what: say(`phase.${direction}.failed`),
        reason: say(`error.${isErrorCode(code) ? code : 'INTERNAL'}.title`),
      });
    }
  }
}
