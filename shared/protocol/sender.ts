import type { ErrorCode } from '../errors.ts';
import { failure } from '../errors.ts';
import { chooseHash } from './hash-tree.ts';
import type { Held } from './held-claims.ts';
import { HeldClaims } from './held-claims.ts';
import type { Entry, HashAlgorithm, Message, MessageOf } from './messages.ts';
import type { EndEffect, Greeting, Outcome, SendEffect, Step } from './session.ts';
import { anyPhase, commonVersion, ended, failed, hello, send } from './session.ts';

export type { Held } from './held-claims.ts';

/**
 * The sender's side of a session (PROTOCOL.md §4): greet, offer, wait for ok, stream, verify, done.
 * It never sees file content: it says which ranges to stream and is told what was sent.
 */

type Offer = Omit<MessageOf<'offer'>, 'type'>;

interface Base {
  readonly greeting: Greeting;
  readonly offer: Offer;
  readonly entries: readonly Entry[];
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
      }
    | {
        readonly phase: 'streaming' | 'verifying';
        readonly sentBytes: number;
        readonly ackedBytes: number;
        readonly verifyHash: string | null;
        /** Files that ended with fileFailed; known once all are sent. */
        readonly failedFiles: number;
      }
    | { readonly phase: 'ended' }
  );

export type SenderInput =
  | { readonly kind: 'message'; readonly message: Message }
  /** Every entry of the offer was handed to the wire. */
  | { readonly kind: 'entriesSent' }
  /** So much payload was handed to the wire. */
  | { readonly kind: 'dataSent'; readonly bytes: number }
  /** Every file is sent, failed or was there already. `hash`: the transfer's, as hex. */
  | { readonly kind: 'allSent'; readonly hash: string; readonly failedFiles: number }
  /** The person cancelled. */
  | { readonly kind: 'cancel' }
  /** Something here went wrong; the other side is told. */
  | { readonly kind: 'fault'; readonly code: ErrorCode }
  /** The wire is gone. */
  | { readonly kind: 'closed'; readonly code: ErrorCode };

export type SenderEffect =
  | SendEffect
  | EndEffect
  /** Send the entries in pages of at most MANIFEST_PAGE_BYTES, then say `entriesSent`. */
  | { readonly kind: 'sendEntries' }
  | { readonly kind: 'stream'; readonly hash: HashAlgorithm; readonly held: Held }
  /** The receiver has everything under final names, but for these. */
  | { readonly kind: 'delivered'; readonly done: MessageOf<'done'> };

type SenderStep = Step<SenderState, SenderEffect>;

export function createSender(
  greeting: Greeting,
  offer: Offer,
  entries: readonly Entry[],
): SenderState {
  return { phase: 'greeting', greeting, offer, entries, peerName: '', hash: 'sha256' };
}

export function stepSender(state: SenderState, input: SenderInput): SenderStep {
  if (state.phase === 'ended') return { state, effects: [] };
  switch (input.kind) {
    case 'message':
      return anyPhase(state, input.message) ?? onMessage(state, input.message);
    case 'entriesSent':
      if (state.phase !== 'waiting') return { state, effects: [] };
      return { state: { ...state, listed: true }, effects: [] };
    case 'dataSent':
      if (state.phase !== 'streaming') return { state, effects: [] };
      return { state: { ...state, sentBytes: state.sentBytes + input.bytes }, effects: [] };
    case 'allSent':
      if (state.phase !== 'streaming') return { state, effects: [] };
      return {
        state: {
          ...state,
          phase: 'verifying',
          verifyHash: input.hash,
          failedFiles: input.failedFiles,
        },
        effects: [send({ type: 'verify', hash: input.hash })],
      };
    case 'cancel':
      return endedByUs(state, { kind: 'cancelled', by: 'us' }, { type: 'cancel' });
    case 'fault':
      return endedByUs(
        state,
        { kind: 'failed', failure: failure(input.code) },
        { type: 'error', code: input.code },
      );
    case 'closed':
      return ended(state, { kind: 'failed', failure: failure(input.code) });
  }
}

/** The dialling side says nothing before the other has greeted it, not even that it gives up. */
function endedByUs(state: SenderState, outcome: Outcome, last: Message): SenderStep {
  return state.phase === 'greeting' ? ended(state, outcome) : ended(state, outcome, last);
}

function onMessage(state: SenderState, message: Message): SenderStep {
  switch (state.phase) {
    case 'greeting':
      return message.type === 'hello' ? greet(state, message) : violation(state);
    case 'waiting':
      return onAnswer(state, message);
    case 'streaming':
    case 'verifying':
      return onStreaming(state, message);
    case 'ended':
      return { state, effects: [] };
  }
}

function greet(state: SenderState, theirs: MessageOf<'hello'>): SenderStep {
  if (commonVersion(theirs.versions) === null) return failed(state, 'VERSION_UNSUPPORTED');
  const hash = chooseHash(state.greeting.hashes, theirs.hashes);
  if (hash === null) return failed(state, 'VERSION_UNSUPPORTED');
  return {
    state: {
      ...state,
      phase: 'waiting',
      peerName: theirs.name,
      hash,
      listed: false,
      claims: new HeldClaims(state.entries),
    },
    effects: [
      send(hello(state.greeting)),
      send({ type: 'offer', ...state.offer }),
      { kind: 'sendEntries' },
    ],
  };
}

type Waiting = SenderState & { phase: 'waiting' };

function onAnswer(state: Waiting, message: Message): SenderStep {
  switch (message.type) {
    case 'have':
      return state.claims.addHave(message) ? { state, effects: [] } : violation(state);
    case 'published':
      return state.claims.addPublished(message) ? { state, effects: [] } : violation(state);
    case 'ok':
      return state.listed ? startStream(state) : violation(state);
    case 'decline':
      return ended(state, { kind: 'declined', code: message.code });
    default:
      return violation(state);
  }
}

function startStream({ claims, listed: _, ...base }: Waiting): SenderStep {
  return {
    state: {
      ...base,
      phase: 'streaming',
      sentBytes: 0,
      ackedBytes: 0,
      verifyHash: null,
      failedFiles: 0,
    },
    effects: [{ kind: 'stream', hash: base.hash, held: claims.held }],
  };
}

function onStreaming(
  state: SenderState & { phase: 'streaming' | 'verifying' },
  message: Message,
): SenderStep {
  if (message.type === 'ack') {
    if (message.bytes < state.ackedBytes || message.bytes > state.sentBytes) {
      return violation(state);
    }
    return { state: { ...state, ackedBytes: message.bytes }, effects: [] };
  }
  if (message.type !== 'done' || state.phase !== 'verifying') return violation(state);
  if (!doneFits(state, message)) return violation(state);
  const step = ended(state, { kind: 'done' });
  return { state: step.state, effects: [{ kind: 'delivered', done: message }, ...step.effects] };
}

/** A receiver cannot have more than was sent, nor fail at what was not offered, nor leave a file out. */
function doneFits(
  { offer, entries, failedFiles }: Base & { readonly failedFiles: number },
  done: MessageOf<'done'>,
): boolean {
  return (
    done.files <= offer.files - failedFiles &&
    done.files + done.failedCount >= offer.files &&
    done.bytes <= offer.bytes &&
    done.failedCount <= entries.length &&
    done.failed.length <= done.failedCount &&
    done.failed.every(({ index }) => index < entries.length)
  );
}

function violation(state: SenderState): SenderStep {
  return failed(state, 'PROTOCOL_VIOLATION');
}
