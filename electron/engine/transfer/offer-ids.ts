import { createHash } from 'node:crypto';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { Deliveries } from './deliveries.ts';
import type { Incoming } from './incoming.ts';
import { OfferedLists, offerKey } from './offered-lists.ts';
import { ShortMemory } from './short-memory.ts';

/** Cancelled here while the sender could not hear it: it is told when it comes back. */
const MAX_CANCELLED = 100;

/** Whose the ids are by which transfers come in: peers choose them, and may choose another one's. */
export class OfferIds {
  readonly #deliveries: Pick<Deliveries, 'ownerOf' | 'isUnderWay' | 'receiptHeader'>;
  /** Whatever has a session. */
  readonly #incoming: () => Iterable<Incoming>;
  readonly #lists = new OfferedLists();
  readonly #cancelled = new ShortMemory<TransferId, PeerId>(MAX_CANCELLED);

  constructor(
    deliveries: Pick<Deliveries, 'ownerOf' | 'isUnderWay' | 'receiptHeader'>,
    incoming: () => Iterable<Incoming>,
  ) {
    this.#deliveries = deliveries;
    this.#incoming = incoming;
  }

  /** What a peer's transfer is called here: as the peer calls it, unless that is another's. */
  here(transferId: TransferId, peerId: PeerId): TransferId {
    const isOwn = this.#cancelled.get(transferId) === peerId;
    const same = [...this.#incoming()].find((one) => one.transferId === transferId);
    const left = this.#deliveries.ownerOf(transferId) ?? this.#lists.ownerOf(transferId);
    const owner = same?.peerId ?? left ?? peerId;
    return isOwn || owner === peerId ? transferId : standIn(transferId, peerId);
  }

  /**
   * false: the id stands for another list than this one, or for one of another kind. `latest`: the one of
   * that id whose yes this one would get, however long ago it was offered.
   */
  standsFor(incoming: Incoming, entriesKey: string, latest: Incoming | undefined): boolean {
    const { transferId, peerId } = incoming;
    const key = incoming.offerKey(entriesKey);
    if (latest !== undefined && latest.offerKey() !== key) return false;
    // what was received under it is shown here, and an earlier run may have received it
    const received = this.#deliveries.receiptHeader(transferId);
    if (received?.peer.id === peerId && offerKey(received) !== key) return false;
    return this.#lists.standsFor(transferId, key, peerId);
  }

  /** Its offer has ended: a yes to it may still be on its way, however much was offered while it stood. */
  ended(incoming: Incoming): void {
    const { transferId, peerId } = incoming;
    this.#lists.standsFor(transferId, incoming.offerKey(), peerId);
  }

  cancelled(transferId: TransferId, owner: PeerId): void {
    this.#cancelled.put(transferId, owner);
  }

  /** It was cancelled here before, or goes on under another id. */
  turnsAway(incoming: Incoming): boolean {
    const { session, transferId, peerId } = incoming;
    const [same] = incoming.likeAmong(this.#incoming());
    const isElsewhere = !same && this.#deliveries.isUnderWay(transferId);
    if (this.#cancelled.get(transferId) === peerId) session.cancel();
    else if (isElsewhere) session.decline('PEER_BUSY');
    else return false;
    return true;
  }
}

/**
 * The same each time, so that it goes on after a cut wire. Its sender is answered as with an id that
 * nobody has, and so learns nothing of the other's.
 */
function standIn(transferId: TransferId, peerId: PeerId): TransferId {
  const digest = createHash('sha256').update(`transfer ${transferId} of ${peerId}`).digest('hex');
  return digest.slice(0, transferId.length) as TransferId;
}
