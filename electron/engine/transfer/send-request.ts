import type { Content } from '../../../shared/model/content.ts';
import type { PeerId, Place } from '../../../shared/model/peer.ts';
import type { Item, Totals, TransferId, TransferMode } from '../../../shared/model/transfer.ts';

/** What the send thread is asked for. Plain values. */

export interface SendRequest {
  readonly transferId: TransferId;
  readonly mode: TransferMode;
  readonly source:
    | {
        readonly kind: 'paths';
        readonly paths: readonly string[];
        /** The one file there is a text or a link. */
        readonly content?: Content | undefined;
        /** Only what failed of that earlier send. */
        readonly failedOf?: TransferId | undefined;
      }
    | {
        readonly kind: 'page';
        readonly selectionKey: string;
        readonly failedOf?: TransferId | undefined;
      };
  /** Candidates, best first. */
  readonly places: readonly Place[];
  readonly expectedPeerId: PeerId | null;
  /** What an earlier run offered of it; null: it is new. */
  readonly resumes: EarlierOffer | null;
  /** How long a cut wire is dialled again before the transfer fails. */
  readonly retryForMs: number;
}

/** What the receiver of a transfer was told of it. */
export interface EarlierOffer {
  readonly offerId: TransferId;
  /** What it was called before its source changed, oldest first: its receiver may still keep those. */
  readonly earlierIds: readonly TransferId[];
  readonly entriesKey: string;
  readonly items: readonly Item[];
  readonly itemCount: number;
  readonly totals: Totals;
}

/** Only to tell the other side that it is not wanted any more. */
export interface TakeBackRequest {
  readonly transferId: TransferId;
  readonly offer: EarlierOffer;
  readonly places: readonly Place[];
  readonly peerId: PeerId;
}
