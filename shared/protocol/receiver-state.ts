import type { ErrorCode } from '../errors.ts';
import type { EntryList } from './entry-list.ts';
import type { Pages } from './manifest.ts';
import type { TransferId } from '../model/transfer.ts';
import type { Entries, HashAlgorithm, Message, MessageOf } from './messages.ts';
import type { Pause, PauseEffect } from './pause.ts';
import type { EndEffect, Greeting, SendEffect } from './session.ts';
import type { Cursor } from './stream-order.ts';
import type { Thumbnails } from './thumbnails.ts';

/** What the receiver's side of a session can be in, hear and want: receiver.ts has the steps. */

export interface ReceiverBase {
  readonly greeting: Greeting;
  readonly peerName: string;
  readonly hash: HashAlgorithm;
  /** The sender hears of more failures than `done` names. */
  readonly failures: boolean;
  readonly thumbnails: Thumbnails;
}

interface Offered extends ReceiverBase {
  readonly offer: MessageOf<'offer'>;
  readonly entries: EntryList;
}

export type ReceiverState =
  | (ReceiverBase & { readonly phase: 'greeting' | 'greeted' })
  | (ReceiverBase & {
      readonly phase: 'listing';
      readonly offer: MessageOf<'offer'>;
      readonly pages: Pages | null;
    })
  | (Offered & { readonly phase: 'offered' })
  | (Offered & {
      readonly phase: 'receiving' | 'finishing';
      readonly published: ReadonlySet<number>;
      /** What this side does not want, and why, by index. */
      readonly skipped: ReadonlyMap<number, ErrorCode>;
      readonly cursor: Cursor;
      readonly pause: Pause;
      /** Lanes that were offered, and the port that all of them are at. */
      readonly lanes: { readonly offered: number; readonly port: number | null };
    })
  | (ReceiverBase & { readonly phase: 'ended' });

export interface FileProblem {
  readonly index: number;
  readonly code: ErrorCode;
}

export type ReceiverInput =
  | { readonly kind: 'message'; readonly message: Message }
  /** Part of a data frame came. */
  | { readonly kind: 'data'; readonly bytes: number }
  /**
   * `have` and `published`: what is here from before, as messages to send ahead of ok. `skip`: files that
   * are not wanted; `done` counts them as failed.
   */
  | {
      readonly kind: 'accept';
      readonly have: readonly MessageOf<'have'>[];
      readonly published: readonly MessageOf<'published'>[];
      readonly skip: readonly FileProblem[];
    }
  | { readonly kind: 'decline'; readonly code: ErrorCode }
  /**
   * Everything that arrived is durable under its final name; `bytes` and `files` count just that.
   * `failed`: what did not, those skipped or not.
   */
  | {
      readonly kind: 'finished';
      readonly files: number;
      readonly bytes: number;
      readonly failed: readonly FileProblem[];
    }
  /** The person wants the stream to stand still, or to go on. Means something only while it comes. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** The person may see what the offer's pictures look like. Means something only while it waits. */
  | { readonly kind: 'askThumbnails' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'fault'; readonly code: ErrorCode }
  | { readonly kind: 'closed'; readonly code: ErrorCode };

export type ReceiverEffect =
  | SendEffect
  | EndEffect
  | PauseEffect
  /** The offer is complete: plan its names, ask the person, then answer accept or decline. */
  | {
      readonly kind: 'ask';
      readonly offer: MessageOf<'offer'>;
      readonly entries: Entries;
      readonly hash: HashAlgorithm;
    }
  /** A picture of the offer looks like this. */
  | { readonly kind: 'thumbnail'; readonly index: number; readonly jpeg: Uint8Array }
  /** The sender cancels what it has just named: it came only to say so (PROTOCOL.md §4.5). */
  | { readonly kind: 'takenBack'; readonly transferId: TransferId }
  /** The sender can be dialled there for one lane more. */
  | { readonly kind: 'lane'; readonly port: number; readonly token: string }
  /** Blocks of this file come by lanes too, in any order. */
  | { readonly kind: 'spread'; readonly index: number }
  | {
      readonly kind: 'openRange';
      readonly index: number;
      readonly offset: number;
      readonly bytes: number;
    }
  | { readonly kind: 'write'; readonly bytes: number }
  /** The sender says the file is whole with this hash: check, and keep or discard. */
  | { readonly kind: 'endFile'; readonly index: number; readonly hash: Uint8Array }
  | { readonly kind: 'dropFile'; readonly index: number; readonly code: ErrorCode }
  /** All is streamed: check the transfer's hash, publish, and answer finished. */
  | { readonly kind: 'finish'; readonly hash: string };
