import type { TransferId } from '../../../shared/model/transfer.ts';
import type { Entries, HashAlgorithm, MessageOf } from '../../../shared/protocol/messages.ts';
import type { Greeting, Outcome } from '../../../shared/protocol/session.ts';
import type { Clock } from './ports.ts';
import type { DialLane } from './receive-lanes.ts';

export interface IncomingOffer {
  readonly offer: MessageOf<'offer'>;
  readonly entries: Entries;
  readonly hash: HashAlgorithm;
  readonly peerName: string;
}

/** What the session wants of the worker around it. */
export interface SessionHost {
  readonly greeting: Greeting;
  readonly clock: Clock;
  /** null: no lanes. */
  readonly dialLane: DialLane | null;
  /** There is more of an offer that is not whole and planned yet. */
  onListGrows(): void;
  /** A whole offer came: answer it with `accept` or `refuse`, now or later. */
  onOffer(incoming: IncomingOffer): void;
  /** The sender wants a transfer no more, of this connection or of one before. */
  onTakenBack(transferId: TransferId): void;
  onFinishing(): void;
  /** Called once. */
  onEnd(outcome: Outcome): void;
}
