import type { ErrorCode } from '../errors.ts';
import { failure } from '../errors.ts';
import { chooseHash } from './hash-tree.ts';
import { MAX_DONE_PROBLEMS, MAX_MANIFEST_BYTES } from './limits.ts';
import type { Pages } from './manifest.ts';
import {
  entriesOf,
  itemsCover,
  sameTotals,
  totalsAreLegal,
  totalsOf,
  withPage,
} from './manifest.ts';
import type { Entry, HashAlgorithm, Message, MessageOf } from './messages.ts';
import type { EndEffect, Greeting, SendEffect, Step } from './session.ts';
import { anyPhase, commonVersion, ended, failed, hello, send } from './session.ts';
import type { Cursor } from './stream-order.ts';
import { START, takeData, takeFile, takeFileEnd } from './stream-order.ts';

/**
 * The receiver's side of a session (PROTOCOL.md §4). It trusts nothing that comes: every range is
 * checked against the offer that the person saw before the driver writes a byte of it.
 */

interface Base {
  readonly greeting: Greeting;
  readonly peerName: string;
  readonly hash: HashAlgorithm;
}

interface Offered extends Base {
  readonly offer: MessageOf<'offer'>;
  readonly entries: readonly Entry[];
}

export type ReceiverState =
  | (Base & { readonly phase: 'greeting' | 'greeted' })
  | (Base & {
      readonly phase: 'listing';
      readonly offer: MessageOf<'offer'>;
      readonly pages: Pages | null;
    })
  | (Offered & { readonly phase: 'offered' })
  | (Offered & {
      readonly phase: 'receiving' | 'finishing';
      readonly published: ReadonlySet<number>;
      readonly cursor: Cursor;
    })
  | (Base & { readonly phase: 'ended' });

export interface FileProblem {
  readonly index: number;
  readonly code: ErrorCode;
}

export type ReceiverInput =
  | { readonly kind: 'message'; readonly message: Message }
  /** Part of a data frame came. */
  | { readonly kind: 'data'; readonly bytes: number }
  /** `have` and `published`: what is here from before, as messages to send ahead of ok. */
  | {
      readonly kind: 'accept';
      readonly have: readonly MessageOf<'have'>[];
      readonly published: readonly MessageOf<'published'>[];
    }
  | { readonly kind: 'decline'; readonly code: ErrorCode }
  /** Everything that arrived is durable under its final name; `bytes` and `files` count just that. */
  | {
      readonly kind: 'finished';
      readonly files: number;
      readonly bytes: number;
      readonly failed: readonly FileProblem[];
    }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'fault'; readonly code: ErrorCode }
  | { readonly kind: 'closed'; readonly code: ErrorCode };

export type ReceiverEffect =
  | SendEffect
  | EndEffect
  /** The offer is complete: plan its names, ask the person, then answer accept or decline. */
  | {
      readonly kind: 'ask';
      readonly offer: MessageOf<'offer'>;
      readonly entries: readonly Entry[];
      readonly hash: HashAlgorithm;
    }
  | { readonly kind: 'openRange'; readonly index: number; readonly offset: number }
  | { readonly kind: 'write'; readonly bytes: number }
  /** The sender says the file is whole with this hash: check, and keep or discard. */
  | { readonly kind: 'endFile'; readonly index: number; readonly hash: Uint8Array }
  | { readonly kind: 'dropFile'; readonly index: number; readonly code: ErrorCode }
  /** All is streamed: check the transfer's hash, publish, and answer finished. */
  | { readonly kind: 'finish'; readonly hash: string };

type ReceiverStep = Step<ReceiverState, ReceiverEffect>;

/** The side that the other dialled speaks first. */
export function createReceiver(greeting: Greeting): ReceiverStep {
  return {
    state: { phase: 'greeting', greeting, peerName: '', hash: 'sha256' },
    effects: [send(hello(greeting))],
  };
}

export function stepReceiver(state: ReceiverState, input: ReceiverInput): ReceiverStep {
  if (state.phase === 'ended') return { state, effects: [] };
  switch (input.kind) {
    case 'message':
      return anyPhase(state, input.message) ?? onMessage(state, input.message);
    case 'data':
      return onData(state, input.bytes);
    case 'accept':
      if (state.phase !== 'offered') return { state, effects: [] };
      return accept(state, input.have, input.published);
    case 'decline':
      if (state.phase === 'receiving' || state.phase === 'finishing') return { state, effects: [] };
      return ended(
        state,
        { kind: 'declined', code: input.code },
        { type: 'decline', code: input.code },
      );
    case 'finished':
      if (state.phase !== 'finishing') return { state, effects: [] };
      return ended(
        state,
        { kind: 'done' },
        {
          type: 'done',
          files: input.files,
          bytes: input.bytes,
          failedCount: input.failed.length,
          failed: input.failed.slice(0, MAX_DONE_PROBLEMS),
        },
      );
    case 'cancel':
      return ended(state, { kind: 'cancelled', by: 'us' }, { type: 'cancel' });
    case 'fault':
      return failed(state, input.code);
    case 'closed':
      return ended(state, { kind: 'failed', failure: failure(input.code) });
  }
}

function onMessage(state: ReceiverState, message: Message): ReceiverStep {
  switch (state.phase) {
    case 'greeting':
      return message.type === 'hello' ? greet(state, message) : violation(state);
    case 'greeted':
      return message.type === 'offer' ? onOffer(state, message) : violation(state);
    case 'listing':
      return message.type === 'entries' ? onEntries(state, message.entries) : violation(state);
    case 'receiving':
      return onStream(state, message);
    default:
      return violation(state);
  }
}

function greet(state: Base, theirs: MessageOf<'hello'>): ReceiverStep {
  const hash = chooseHash(theirs.hashes, state.greeting.hashes);
  if (commonVersion(theirs.versions) === null || hash === null) {
    return failed(state, 'VERSION_UNSUPPORTED');
  }
  return { state: { ...state, phase: 'greeted', peerName: theirs.name, hash }, effects: [] };
}

function onOffer(state: Base, offer: MessageOf<'offer'>): ReceiverStep {
  if (offer.files + offer.directories === 0) return violation(state);
  if (!totalsAreLegal(offer)) return failed(state, 'TOO_MANY_FILES');
  return { state: { ...state, phase: 'listing', offer, pages: null }, effects: [] };
}

function onEntries(
  state: ReceiverState & { phase: 'listing' },
  page: readonly Entry[],
): ReceiverStep {
  const { offer } = state;
  const pages = withPage(state.pages, page);
  const promised = offer.files + offer.directories;
  if (pages.count > promised || pages.pathUnits > MAX_MANIFEST_BYTES) {
    return failed(state, 'TOO_MANY_FILES');
  }
  if (pages.count < promised) return { state: { ...state, pages }, effects: [] };
  const entries = entriesOf(pages);
  if (!sameTotals(totalsOf(entries), offer) || !itemsCover(offer, entries)) return violation(state);
  const { greeting, peerName, hash } = state;
  return {
    state: { phase: 'offered', greeting, peerName, hash, offer, entries },
    effects: [{ kind: 'ask', offer, entries, hash }],
  };
}

function accept(
  state: ReceiverState & { phase: 'offered' },
  have: readonly MessageOf<'have'>[],
  published: readonly MessageOf<'published'>[],
): ReceiverStep {
  const indexes = published.flatMap((m) => m.files.map((f) => f.index));
  return {
    state: { ...state, phase: 'receiving', published: new Set(indexes), cursor: START },
    effects: [...have, ...published, { type: 'ok' } as const].map(send),
  };
}

function onData(state: ReceiverState, bytes: number): ReceiverStep {
  const cursor = state.phase === 'receiving' ? takeData(state.cursor, bytes) : null;
  if (cursor === null || state.phase !== 'receiving') return violation(state);
  return { state: { ...state, cursor }, effects: [{ kind: 'write', bytes }] };
}

function onStream(
  state: ReceiverState & { phase: 'receiving' | 'finishing' },
  message: Message,
): ReceiverStep {
  switch (message.type) {
    case 'file': {
      const cursor = takeFile(state.cursor, message, state);
      if (cursor === null) return violation(state);
      const { index, offset } = message;
      return { state: { ...state, cursor }, effects: [{ kind: 'openRange', index, offset }] };
    }
    case 'fileEnd':
    case 'fileFailed': {
      const cursor = takeFileEnd(state.cursor, message.index, message.type === 'fileEnd', state);
      if (cursor === null) return violation(state);
      const { index } = message;
      const effect: ReceiverEffect =
        message.type === 'fileEnd'
          ? { kind: 'endFile', index, hash: message.hash }
          : { kind: 'dropFile', index, code: message.code };
      return { state: { ...state, cursor }, effects: [effect] };
    }
    case 'verify': {
      const wanted = state.offer.files - state.published.size;
      if (state.cursor.open !== null || state.cursor.endedFiles !== wanted) return violation(state);
      return {
        state: { ...state, phase: 'finishing' },
        effects: [{ kind: 'finish', hash: message.hash }],
      };
    }
    default:
      return violation(state);
  }
}

function violation(state: Base): ReceiverStep {
  return failed(state, 'PROTOCOL_VIOLATION');
}
