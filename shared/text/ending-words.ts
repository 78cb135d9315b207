import type { Transfer } from '../model/transfer.ts';
import { failureWords } from './failure-words.ts';
import type { TextKey } from './text-keys.ts';

type Ended = Extract<
  Transfer,
  { readonly phase: 'delivered' | 'declined' | 'cancelled' | 'failed' }
>;

export function hasEnded(transfer: Transfer): transfer is Ended {
  return 'finishedAtMs' in transfer;
}

/** How a transfer ended, in words; `say` gives those of a key. */
export function endingWords(
  transfer: Ended,
  say: (key: TextKey, values?: Record<string, number>) => string,
): string {
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
    case 'failed':
      return `${say(`phase.${direction}.failed`)}: ${failureWords(transfer.failure).title}`;
  }
}
