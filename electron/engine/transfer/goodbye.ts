import { DroplineError } from '../../../shared/errors.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { MAX_OFFER_ITEMS } from '../../../shared/protocol/limits.ts';
import type { MessageOf } from '../../../shared/protocol/messages.ts';
import type { Connection } from './connection.ts';
import type { Dialler } from './dialler.ts';
import { FileHashes } from './file-hashes.ts';
import { availableHashes } from './hash.ts';
import type { Clock } from './ports.ts';
import { SendSession } from './send-session.ts';
import type { Source } from './source.ts';
import type { EarlierOffer, Self } from './worker-messages.ts';

/** How long a person who cancels while the wire is cut lets us tell the other side, of all offers together. */
export const GOODBYE_MS = 2_000;

/** To take an offer back its list is not told again, so nobody need still have it. */
const NO_SOURCE: Source = {
  entries: [],
  open: () => {
    throw new DroplineError('INTERNAL', { reason: 'nothing is offered' });
  },
  close: () => undefined,
};

export interface GoodbyeOptions {
  readonly clock: Clock;
  readonly self: Self;
  readonly dialler: Dialler;
  readonly peerId: PeerId;
  /** As the receiver was told of it. */
  readonly offer: Omit<MessageOf<'offer'>, 'type'>;
}

/**
 * Comes back only to take an offer back, so that the other side does not keep what it has of it
 * (PROTOCOL.md §4.5). Answers whether that was heard: the other side hangs up when it was. Never rejects.
 */
async function sayGoodbye(options: GoodbyeOptions, tooLate: AbortSignal): Promise<boolean> {
  const { clock, self, dialler, peerId, offer } = options;
  let connection: Connection | null = null;
  const hangUp = (): void => connection?.destroy();
  tooLate.addEventListener('abort', hangUp);
  try {
    connection = await dialler.dial(self.identity, peerId, tooLate);
    tooLate.throwIfAborted();
    const session = new SendSession({
      connection,
      clock,
      greeting: { name: self.name, platform: self.platform, hashes: availableHashes },
      offer,
      source: NO_SOURCE,
      hashes: new FileHashes(0),
      isPausedByUs: () => false,
      openLanePort: null,
      onWaiting: () => {
        session.cancel();
      },
      onStarted: () => undefined,
      onPause: () => undefined,
      onFinishing: () => undefined,
    });
    const { outcome } = await session.result;
    return outcome.kind === 'cancelled' && (await connection.gone);
  } catch {
    hangUp();
    return false;
  } finally {
    tooLate.removeEventListener('abort', hangUp);
  }
}

/** The same of every offer of one transfer, one after the other, until one is not heard or their time is up. */
export async function sayGoodbyes(
  options: GoodbyeOptions,
  ids: readonly TransferId[],
): Promise<boolean> {
  const tooLate = new AbortController();
  const stopTimer = options.clock.after(GOODBYE_MS, () => {
    tooLate.abort(new DroplineError('PEER_UNREACHABLE'));
  });
  try {
    for (const transferId of ids) {
      const offer = { ...options.offer, transferId };
      if (!(await sayGoodbye({ ...options, offer }, tooLate.signal))) return false;
    }
    return true;
  } finally {
    stopTimer();
  }
}

/** What is said of an offer whose list is not at hand. */
export function offerAgain(earlier: EarlierOffer): Omit<MessageOf<'offer'>, 'type'> {
  const { offerId, items, itemCount, totals } = earlier;
  return {
    transferId: offerId,
    items: items.slice(0, MAX_OFFER_ITEMS).map((item) => ({ ...item })),
    itemCount,
    ...totals,
    leftOut: 0,
  };
}
