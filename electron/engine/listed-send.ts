import { failure } from '../../shared/errors.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { NOTHING_MET, NO_PROBLEMS } from '../../shared/model/transfer.ts';
import { withoutUnwanted } from './state/reduce-transfer.ts';
import type { Unsent } from './outbox.ts';
import type { EarlierOffer } from './transfer/worker-messages.ts';

/** What its receiver was told of it. */
export function offerOf(unsent: Unsent): EarlierOffer {
  const { offerId, earlierIds, entriesKey, items, itemCount, totals } = unsent;
  return { offerId, earlierIds, entriesKey, items, itemCount, totals };
}

/** As it is shown before anything of it runs. */
export function listed(unsent: Unsent): Transfer {
  const { transferId, peer, items, itemCount, content } = unsent;
  const { startedAtMs, bytes, paused } = unsent;
  const transfer = {
    id: transferId,
    direction: 'send',
    mode: 'tls',
    peer: { id: peer.id, name: peer.name, address: peer.address, verified: false },
    items,
    itemCount,
    content,
    ...withoutUnwanted(unsent.totals, unsent.unwanted),
    leftOut: NO_PROBLEMS,
    startedAtMs,
    keptBytes: 0,
    savedAs: null,
    ...NOTHING_MET,
    canRetry: false,
  } as const;
  return paused
    ? { ...transfer, phase: 'paused', bytes, files: 0, by: 'us' }
    : { ...transfer, phase: 'interrupted', bytes, failure: failure('INTERRUPTED') };
}
