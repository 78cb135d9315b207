import type { HoldUp } from '../model/limit.ts';
import type { ErrorCode } from '../errors.ts';
import type { FailureClaims } from './failures.ts';
import type { Held, HeldClaims } from './held-claims.ts';
import type { Entries, HashAlgorithm, Message, MessageOf } from './messages.ts';
import type { Pause, PauseEffect } from './pause.ts';
import type { EndEffect, Greeting, SendEffect } from './session.ts';

/** What the sender's side of a session can be in, hear and want: sender.ts has the steps. */

export type Offer = Omit<MessageOf<'offer'>, 'type'>;

interface Base {
  readonly greeting: Greeting;
  readonly offer: Offer;
  readonly entries: Entries;
  readonly peerName: string;
  readonly hash: HashAlgorithm;
}

export type SenderState = Base &
  (
    | { readonly phase: 'greeting' }
    | {
        readonly phase: 'waiting';
        /** The whole list is on its way: it may be answered. */
        readonly listed: boolean;
        /** Added to in place. */
        readonly claims: HeldClaims;
        /** How many the receiver would dial. */
        readonly lanes: number;
        /** The receiver has asked for thumbnails. */
        readonly showsThumbnails: boolean;
      }
    | {
        readonly phase: 'streaming' | 'verifying';
        readonly sentBytes: number;
        readonly ackedBytes: number;
        /** As the receiver said last. */
        readonly holdUp: HoldUp;
        readonly verifyHash: string | null;
        /** Files that ended with fileFailed; known once all are sent. */
        readonly failedFiles: number;
        /** What the receiver does not want. */
        readonly skipped: { readonly files: number; readonly bytes: number };
        readonly pause: Pause;
        /** Added to in place. */
        readonly failures: FailureClaims;
      }
    | { readonly phase: 'ended' }
  );

export type SenderInput =
  | { readonly kind: 'message'; readonly message: Message }
  /** Every entry of the offer was handed to the wire. */
  | { readonly kind: 'entriesSent' }
  /** Of a file of the offer, small. Means something only where it was asked for and none has answered. */
  | { readonly kind: 'thumbnail'; readonly index: number; readonly jpeg: Uint8Array }
  /** So much payload was handed to the wire. */
  | { readonly kind: 'dataSent'; readonly bytes: number }
  /** Every file is sent, failed, was there already or is not wanted. `hash`: the transfer's, as hex. */
  | { readonly kind: 'allSent'; readonly hash: string; readonly failedFiles: number }
  /** The person wants the stream to stand still, or to go on. Means something only while it streams. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** The person cancelled. */
  | { readonly kind: 'cancel' }
  /** Something here went wrong; the other side is told. */
  | { readonly kind: 'fault'; readonly code: ErrorCode }
  /** The wire is gone. */
  | { readonly kind: 'closed'; readonly code: ErrorCode };

export type SenderEffect =
  | SendEffect
  | EndEffect
  | PauseEffect
  /** Send the entries in pages of at most MANIFEST_PAGE_BYTES, then say `entriesSent`. */
  | { readonly kind: 'sendEntries' }
  /** The receiver wants to see what is offered: say `thumbnail` for each, until it answers. */
  | { readonly kind: 'makeThumbnails' }
  | {
      readonly kind: 'stream';
      readonly hash: HashAlgorithm;
      readonly held: Held;
      /** How many lanes the receiver would dial; none: it knows nothing of them. */
      readonly lanes: number;
    }
  /** The receiver has everything under final names, but for these. */
  | { readonly kind: 'delivered'; readonly done: MessageOf<'done'> };
