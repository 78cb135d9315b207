import { failure } from '../errors.ts';
import { FailureClaims } from './failures.ts';
import { chooseHash } from './hash-tree.ts';
import { HeldClaims } from './held-claims.ts';
import { MAX_LANES } from './limits.ts';
import { totalsOf } from './manifest.ts';
import type { Entries, Message, MessageOf } from './messages.ts';
import { NOT_PAUSED, pauseByPeer, pauseByUs, pauseOver } from './pause.ts';
import type { Offer, SenderEffect, SenderInput, SenderState } from './sender-state.ts';
import type { Greeting, Outcome, Step } from './session.ts';
import { anyPhase, commonVersion, ended, failed, hello, send } from './session.ts';

export type { Held } from './held-claims.ts';
export type { SenderEffect, SenderInput, SenderState } from './sender-state.ts';

/**
 * The sender's side of a session (PROTOCOL.md §4): greet, offer, wait for ok, stream, verify, done.
 * It never sees file content: it says which ranges to stream and is told what was sent.
 */

type SenderStep = Step<SenderState, SenderEffect>;

export function createSender(greeting: Greeting, offer: Offer, entries: Entries): SenderState {
  return { phase: 'greeting', greeting, offer, entries, peerName: '', hash: 'sha256' };
}

export function stepSender(state: SenderState, input: SenderInput): SenderStep {
  if (state.phase === 'ended') return { state, effects: [] };
  switch (input.kind) {
    case 'message':
      return (
        turnedAway(state, input.message) ??
        anyPhase(state, input.message) ??
        onMessage(state, input.message)
      );
    case 'entriesSent':
      if (state.phase !== 'waiting') return { state, effects: [] };
      return { state: { ...state, listed: true }, effects: [] };
    case 'thumbnail':
      if (state.phase !== 'waiting' || !state.showsThumbnails) return { state, effects: [] };
      return {
        state,
        effects: [send({ type: 'thumbnail', index: input.index, jpeg: input.jpeg })],
      };
    case 'dataSent':
      if (state.phase !== 'streaming') return { state, effects: [] };
      return { state: sent(state, input.bytes), effects: [] };
    case 'allSent':
      if (state.phase !== 'streaming') return { state, effects: [] };
      return verify(state, input.hash, input.failedFiles);
    case 'pause':
    case 'resume':
      if (state.phase !== 'streaming') return { state, effects: [] };
      return pauseByUs(state, input.kind === 'pause');
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

/** One that is blocked is told so before anything was offered. */
function turnedAway(state: SenderState, message: Message): SenderStep | null {
  if (message.type !== 'error' || message.code !== 'DECLINED') return null;
  return ended(state, { kind: 'declined', code: message.code });
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
      lanes: Math.min(theirs.lanes ?? 0, MAX_LANES),
      showsThumbnails: false,
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
    case 'skip':
      return state.claims.addSkip(message) ? { state, effects: [] } : violation(state);
    case 'thumbnails': {
      const mayAsk = state.listed && !state.showsThumbnails && (state.greeting.thumbnails ?? 0) > 0;
      if (!mayAsk) return violation(state);
      return { state: { ...state, showsThumbnails: true }, effects: [{ kind: 'makeThumbnails' }] };
    }
    case 'ok':
      return state.listed ? startStream(state) : violation(state);
    case 'decline':
      return ended(state, { kind: 'declined', code: message.code });
    default:
      return violation(state);
  }
}

function startStream({
  claims,
  lanes,
  listed: _,
  showsThumbnails: __,
  ...base
}: Waiting): SenderStep {
  const { held } = claims;
  const skipped = totalsOf(
    [...held.skipped.keys()].flatMap((index) => base.entries.at(index) ?? []),
  );
  return {
    state: {
      ...base,
      phase: 'streaming',
      sentBytes: 0,
      ackedBytes: 0,
      holdUp: null,
      verifyHash: null,
      failedFiles: 0,
      skipped,
      pause: NOT_PAUSED,
      failures: new FailureClaims(base.entries.length),
    },
    effects: [{ kind: 'stream', hash: base.hash, held, lanes }],
  };
}

type Streaming = Extract<SenderState, { readonly pause: unknown }>;

/** Each small file comes by here: to name the fields is much quicker than to spread them. */
function sent(state: Streaming, bytes: number): Streaming {
  return {
    greeting: state.greeting,
    offer: state.offer,
    entries: state.entries,
    peerName: state.peerName,
    hash: state.hash,
    phase: state.phase,
    sentBytes: state.sentBytes + bytes,
    ackedBytes: state.ackedBytes,
    holdUp: state.holdUp,
    verifyHash: state.verifyHash,
    failedFiles: state.failedFiles,
    skipped: state.skipped,
    pause: state.pause,
    failures: state.failures,
  };
}

function verify(state: Streaming, hash: string, failedFiles: number): SenderStep {
  const over = pauseOver(state);
  return {
    state: { ...over.state, phase: 'verifying', verifyHash: hash, failedFiles },
    effects: [...over.effects, send({ type: 'verify', hash })],
  };
}

function onStreaming(state: Streaming, message: Message): SenderStep {
  switch (message.type) {
    case 'ack':
      if (message.bytes < state.ackedBytes || message.bytes > state.sentBytes) {
        return violation(state);
      }
      return {
        state: { ...state, ackedBytes: message.bytes, holdUp: message.holdUp },
        effects: [],
      };
    case 'pause':
    case 'resume':
      // it may have crossed with our verify
      if (state.phase === 'verifying') return { state, effects: [] };
      return pauseByPeer(state, message.type === 'pause');
    case 'failed': {
      const mayCome = state.phase === 'verifying' && state.greeting.failures === true;
      return mayCome && state.failures.add(message) ? { state, effects: [] } : violation(state);
    }
    case 'done': {
      const done = state.failures.whole(message);
      if (state.phase !== 'verifying' || !done || !doneFits(state, done)) return violation(state);
      const step = ended(state, { kind: 'done' });
      return { state: step.state, effects: [{ kind: 'delivered', done }, ...step.effects] };
    }
    default:
      return violation(state);
  }
}

/** A receiver cannot have more than was sent, nor fail at what was not offered, nor leave a file out. */
function doneFits(
  { offer, entries, failedFiles, skipped }: Streaming,
  done: MessageOf<'done'>,
): boolean {
  return (
    done.files <= offer.files - failedFiles - skipped.files &&
    done.files + done.failedCount >= offer.files &&
    done.bytes <= offer.bytes - skipped.bytes &&
    done.failedCount <= entries.length &&
    done.failed.length <= done.failedCount &&
    done.failed.every(({ index }) => index < entries.length)
  );
}

function violation(state: SenderState): SenderStep {
  return failed(state, 'PROTOCOL_VIOLATION');
}
