import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { Delivery } from './destination.ts';
import type { IncomingOffer, ReceiveSession } from './receive-session.ts';

/** One connection's offer of a transfer, until what it left on the disk is kept or removed. */
export class Incoming {
  readonly session: ReceiveSession;
  readonly offer: IncomingOffer;
  /** The receiver's own plan of every path, by entry. */
  readonly saved: readonly (readonly string[])[];
  /** The hash of the list of files. */
  readonly entriesKey: string;
  /** Settled when an earlier connection's part is looked through, or a person is asked. */
  opened: Promise<void> = Promise.resolve();
  /** Settled when this connection's part is over. */
  readonly over: Promise<void>;
  /** What an earlier connection left. */
  resumed: Delivery | null = null;
  /** Those outside know of this transfer. */
  told = false;
  #finish: () => void = () => undefined;

  constructor(
    session: ReceiveSession,
    offer: IncomingOffer,
    saved: readonly (readonly string[])[],
    entriesKey: string,
  ) {
    this.session = session;
    this.offer = offer;
    this.saved = saved;
    this.entriesKey = entriesKey;
    this.over = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  get transferId(): TransferId {
    return this.offer.offer.transferId;
  }

  get peerId(): PeerId {
    return this.session.connection.peerId;
  }

  finish(): void {
    this.#finish();
  }
}
