import type { PageTicket } from '../../../shared/contract.ts';
import type { ErrorCode, Failure } from '../../../shared/errors.ts';
import type { Choice } from '../../../shared/model/choice.ts';
import type { Content } from '../../../shared/model/content.ts';
import type { FilePage } from '../../../shared/model/file-list.ts';
import type { LimitedBy } from '../../../shared/model/limit.ts';
import type { OfferedPage, OfferedQuery, PicturesQuery } from '../../../shared/model/offered.ts';
import type { Unwanted } from '../../../shared/model/unwanted.ts';
import type { PeerId, Place, Platform } from '../../../shared/model/peer.ts';
import type { OfferedPicture } from '../../../shared/model/pictures.ts';
import type { ExistingChoices, Plan } from '../../../shared/model/plan.ts';
import type { ReachableFrom } from '../../../shared/model/settings.ts';
import type {
  Item,
  PausedBy,
  Problems,
  Totals,
  TransferId,
  TransferMode,
} from '../../../shared/model/transfer.ts';
import type { CheckEvent } from './check-messages.ts';
import type { Identity } from './authentication.ts';
import type { FileQuery } from './file-rows.ts';
import type { PairingEvent, PairingOrder } from './pairing-messages.ts';
import type { SendRequest, TakeBackRequest } from './send-request.ts';
import type { MetExisting, WorkerOutcome } from './worker-outcome.ts';

export type { MetExisting, WorkerOutcome } from './worker-outcome.ts';
export type { EarlierOffer, SendRequest, TakeBackRequest } from './send-request.ts';

/** What crosses between the main thread and the two transfer workers: plain values only. */

export interface Self {
  readonly identity: Identity;
  readonly name: string;
  readonly platform: Platform;
}

/** The other end as the wire shows it: an authenticated id (null in plain mode) and a claimed name. */
export interface WirePeer {
  readonly id: PeerId | null;
  readonly name: string;
  readonly address: string;
}

/** The interface that is dialled from; null: whichever the system takes. */
interface DialFrom {
  readonly kind: 'dialFrom';
  readonly interface: string | null;
}

export type ToSendWorker =
  /** `home`: what became of the files of a send is kept there; null: nowhere. */
  | { readonly kind: 'start'; readonly self: Self; readonly home: string | null }
  /** What all that is sent may take together; null: as much as there is. */
  | { readonly kind: 'pace'; readonly bytesPerSecond: number | null }
  | DialFrom
  | { readonly kind: 'rename'; readonly name: string }
  | { readonly kind: 'send'; readonly request: SendRequest }
  /** Answered by `takenBack`. */
  | { readonly kind: 'takeBack'; readonly request: TakeBackRequest }
  | { readonly kind: 'cancel' | 'pause' | 'resume'; readonly transferId: TransferId }
  /** Where the peer of a transfer is announced now; none: it is not. */
  | {
      readonly kind: 'announced';
      readonly transferId: TransferId;
      readonly places: readonly Place[];
    }
  | { readonly kind: 'openPage'; readonly request: number; readonly origin: string }
  /** Of what it sends just now; answered by `files`. */
  | {
      readonly kind: 'listFiles';
      readonly request: number;
      readonly transferId: TransferId;
      readonly query: FileQuery;
    }
  | { readonly kind: 'pairing'; readonly order: PairingOrder }
  | { readonly kind: 'stop' };

export type FromSendWorker =
  | {
      readonly kind: 'page';
      readonly request: number;
      readonly selectionKey: string;
      readonly ticket: PageTicket;
    }
  | { readonly kind: 'pageFailed'; readonly request: number; readonly failure: Failure }
  /** null: it does not send it, or has not looked through it yet. */
  | { readonly kind: 'files'; readonly request: number; readonly page: FilePage | null }
  | { readonly kind: 'pairing'; readonly event: PairingEvent }
  | { readonly kind: 'event'; readonly event: TransferEvent }
  | { readonly kind: 'stopped' };

/** Where a port is open. */
export interface Bound {
  readonly host: string;
  readonly port: number;
}

export interface ListenOptions {
  readonly mode: TransferMode;
  /** null: every interface, IPv4 and IPv6. */
  readonly host: string | null;
  readonly port: number;
  /** Take any free port where this one is in use. */
  readonly otherPortIfTaken: boolean;
}

/** A yes, with all that belongs to it. */
export interface Acceptance {
  readonly directory: string;
  /** When it was offered, by the calendar. */
  readonly startedAtMs: number;
  readonly existing: ExistingChoices;
  /** Absent: all of it. */
  readonly choice?: Choice | undefined;
}

/** Known before the port opens: the first caller is met as the last one. */
export interface KnownCallers {
  /** Who is told this device's name; null: everybody. */
  readonly visibleTo: readonly PeerId[] | null;
  /** Who is hung up on. */
  readonly blocked: readonly PeerId[];
  readonly from: ReachableFrom;
}

export type ToReceiveWorker =
  | {
      readonly kind: 'start';
      readonly self: Self;
      /** null: opens no port. */
      readonly listen: ListenOptions | null;
      /** Where the journals and receipts are kept. */
      readonly home: string;
      readonly callers: KnownCallers;
    }
  | DialFrom
  /** Another place, or none: what goes on by the one before is not touched. Answered by `moved`. */
  | { readonly kind: 'listen'; readonly request: number; readonly listen: ListenOptions | null }
  | { readonly kind: 'rename'; readonly name: string }
  | (Acceptance & { readonly kind: 'accept'; readonly transferId: TransferId })
  /** Answered by `planned`, unless the offer is answered first. */
  | {
      readonly kind: 'plan';
      readonly transferId: TransferId;
      readonly directory: string;
      readonly choice?: Choice | undefined;
    }
  /** Answered by `looked`. */
  | { readonly kind: 'look'; readonly request: number; readonly query: OfferedQuery }
  /** Answered by `shown`. */
  | { readonly kind: 'pictures'; readonly request: number; readonly query: PicturesQuery }
  | { readonly kind: 'decline'; readonly transferId: TransferId; readonly code: ErrorCode }
  | { readonly kind: 'cancel' | 'pause' | 'resume'; readonly transferId: TransferId }
  /** Answered by `checked`. `arrived`: how many files it had brought. */
  | { readonly kind: 'verify'; readonly transferId: TransferId; readonly arrived: number }
  | { readonly kind: 'stopVerify'; readonly transferId: TransferId }
  /** Puts back what that delivery replaced; answered by `answered`. */
  | { readonly kind: 'undo'; readonly request: number; readonly transferId: TransferId }
  /** Removes every receipt, with what is kept for it; answered by `answered`. */
  | { readonly kind: 'clearReceipts'; readonly request: number }
  | { readonly kind: 'pairing'; readonly order: PairingOrder }
  /** Whoever has one of these keys is hung up on from now on. */
  | { readonly kind: 'blocked'; readonly peerIds: readonly PeerId[] }
  /** Who alone is told this device's name; null: everybody. */
  | { readonly kind: 'visibleTo'; readonly peerIds: readonly PeerId[] | null }
  | { readonly kind: 'reachableFrom'; readonly from: ReachableFrom }
  | { readonly kind: 'stop' };

export type FromReceiveWorker =
  | { readonly kind: 'pairing'; readonly event: PairingEvent }
  /** An offer that nobody is asked about: a name in it may not cross, or it is too much. */
  | { readonly kind: 'refused'; readonly peer: WirePeer }
  | { readonly kind: 'answered'; readonly request: number; readonly failure: Failure | null }
  /** null: no such offer waits, or it has no such folder. */
  | { readonly kind: 'looked'; readonly request: number; readonly page: OfferedPage | null }
  /** null: no such offer waits. */
  | {
      readonly kind: 'shown';
      readonly request: number;
      readonly pictures: readonly OfferedPicture[] | null;
    }
  | ({ readonly kind: 'listening' } & Bound)
  | {
      readonly kind: 'moved';
      readonly request: number;
      readonly bound: Bound | null;
      readonly failure: Failure | null;
    }
  | { readonly kind: 'listenFailed'; readonly failure: Failure }
  | { readonly kind: 'event'; readonly event: TransferEvent }
  | { readonly kind: 'stopped' };

export interface TransferCount {
  readonly transferId: TransferId;
  /** Payload that the receiver has written, from this connection and those before. */
  readonly bytes: number;
  readonly files: number;
  readonly limitedBy: LimitedBy | null;
}

/** What an offer says of itself. */
interface Offered {
  readonly transferId: TransferId;
  readonly peer: WirePeer;
  readonly items: readonly Item[];
  readonly itemCount: number;
  readonly content?: Content | undefined;
  readonly totals: Totals;
  readonly leftOutCount: number;
  /** Of an answer that was given before. */
  readonly unwanted?: Unwanted | undefined;
}

export type TransferEvent =
  /** The sender knows what it sends. */
  | {
      readonly kind: 'prepared';
      readonly transferId: TransferId;
      readonly items: readonly Item[];
      readonly itemCount: number;
      readonly content?: Content | undefined;
      readonly totals: Totals;
      readonly leftOut: Problems;
    }
  | { readonly kind: 'connecting'; readonly transferId: TransferId }
  /** The offer is at the other side, whose identity is known now. */
  | {
      readonly kind: 'waiting';
      readonly transferId: TransferId;
      readonly peer: WirePeer;
      /** Where it was dialled. */
      readonly port: number;
    }
  /** What the other side knows it by, so that it can go on after a restart. */
  | {
      readonly kind: 'offering';
      readonly transferId: TransferId;
      readonly offerId: TransferId;
      readonly entriesKey: string;
      /** Where it answered; the address is that of `waiting`. */
      readonly port: number;
    }
  /** An offer came in and wants an answer. */
  | (Offered & {
      readonly kind: 'offered';
      readonly mode: TransferMode;
      /** How many of its pictures can be looked at. Absent: none. */
      readonly pictures?: number;
    })
  /** So many of them have come. */
  | { readonly kind: 'pictures'; readonly transferId: TransferId; readonly come: number }
  /** An offer goes on with what was left of `from`, which it stands for now. It wants no answer. */
  | (Offered & {
      readonly kind: 'continued';
      readonly mode: TransferMode;
      readonly from: TransferId;
    })
  /** Left unfinished by an earlier run of the program. */
  | (Offered & { readonly kind: 'restored'; readonly startedAtMs: number; readonly bytes: number })
  /** Its files went over into a newer version of the same things. */
  | { readonly kind: 'superseded'; readonly transferId: TransferId }
  /** What accepting it would do; null: the folder cannot be looked at. */
  | { readonly kind: 'planned'; readonly transferId: TransferId; readonly plan: Plan | null }
  /** Accepted; what is there already is read before anything comes. */
  | { readonly kind: 'looking'; readonly transferId: TransferId }
  /** Bytes flow. `keptBytes`: what was there already from a connection before. */
  | {
      readonly kind: 'started';
      readonly transferId: TransferId;
      readonly keptBytes: number;
      /** What was offered and does not come, as its receiver does not want it; absent: nothing. */
      readonly unwanted?: Unwanted;
    }
  /** It stands still, because of whom; null: it goes on. */
  | { readonly kind: 'paused'; readonly transferId: TransferId; readonly by: PausedBy | null }
  | { readonly kind: 'finishing'; readonly transferId: TransferId }
  | { readonly kind: 'interrupted'; readonly transferId: TransferId; readonly failure: Failure }
  | {
      readonly kind: 'ended';
      readonly transferId: TransferId;
      readonly outcome: WorkerOutcome;
      readonly existing?: MetExisting;
    }
  /** What was offered and then cancelled here: whether its receiver knows. Comes after `ended`. */
  | { readonly kind: 'takenBack'; readonly transferId: TransferId; readonly heard: boolean }
  | CheckEvent
  | { readonly kind: 'counts'; readonly counts: readonly TransferCount[] };
