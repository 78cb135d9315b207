import type { ErrorCode, Failure } from '../errors.ts';
import { failure } from '../errors.ts';
import {
  ANSWER_TIMEOUT_MS,
  PLAIN_IDLE_MS,
  PLAIN_NAME_BYTES,
  PLAIN_NAME_QUIET_MS,
} from './limits.ts';
import { isForeign, readPlainName } from './plain-name.ts';
import { PLAIN_OK } from './plain-sender.ts';
import type { PlainEnd } from './plain-sender.ts';
import type { Outcome, Step } from './session.ts';
import type { NamePlatform } from './wire-path.ts';

/**
 * The receiver's side of the bare exchange (PROTOCOL.md §10). The end of the stream is all that says the
 * content is whole, and a killed sender ends it too: what is published here is never verified.
 */

export type PlainReceiverState =
  | {
      readonly phase: 'naming';
      readonly platform: NamePlatform;
      readonly name: Uint8Array;
      /** When the last bytes came, or the connection. */
      readonly sinceMs: number;
    }
  | { readonly phase: 'asking'; readonly sinceMs: number }
  | { readonly phase: 'writing'; readonly bytes: number; readonly sinceMs: number }
  | { readonly phase: 'publishing' }
  | { readonly phase: 'ended' };

export type PlainReceiverInput =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly nowMs: number }
  | { readonly kind: 'tick'; readonly nowMs: number }
  | { readonly kind: 'accept'; readonly nowMs: number }
  | { readonly kind: 'decline'; readonly code: ErrorCode }
  /** The sender will write no more. */
  | { readonly kind: 'peerEnded' }
  /** What was received is durable under its final name. */
  | { readonly kind: 'published' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'fault'; readonly code: ErrorCode }
  /** The wire broke. */
  | { readonly kind: 'closed'; readonly code: ErrorCode };

export type PlainReceiverEffect =
  /** Ask, then answer accept or decline. `name` is as it was sent: clean it before anybody sees it. */
  | { readonly kind: 'ask'; readonly name: string; readonly saved: string }
  /** Put these on the wire. */
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  /** Add these to the file under its temporary name. */
  | { readonly kind: 'content'; readonly bytes: Uint8Array }
  /** Give the file its name, as unverified and possibly incomplete; then say `published`. */
  | { readonly kind: 'publish'; readonly bytes: number }
  /** Close the connection; whatever is not published is incomplete. */
  | PlainEnd;

type ReceiverStep = Step<PlainReceiverState, PlainReceiverEffect>;

export function createPlainReceiver(platform: NamePlatform, nowMs: number): PlainReceiverState {
  return { phase: 'naming', platform, name: new Uint8Array(0), sinceMs: nowMs };
}

/** When the next tick has something to do; null: never. Bytes may put it off. */
export function plainReceiverDeadlineMs(state: PlainReceiverState): number | null {
  switch (state.phase) {
    case 'naming':
      return state.sinceMs + (state.name.length > 0 ? PLAIN_NAME_QUIET_MS : PLAIN_IDLE_MS);
    case 'asking':
      return state.sinceMs + ANSWER_TIMEOUT_MS;
    case 'writing':
      return state.sinceMs + PLAIN_IDLE_MS;
    case 'publishing':
    case 'ended':
      return null;
  }
}

export function stepPlainReceiver(
  state: PlainReceiverState,
  input: PlainReceiverInput,
): ReceiverStep {
  if (state.phase === 'ended') return unchanged(state);
  if (state.phase === 'publishing') return onPublishing(state, input);
  switch (input.kind) {
    case 'bytes':
      return onBytes(state, input.bytes, input.nowMs);
    case 'tick':
      return onTick(state, input.nowMs);
    case 'accept':
      if (state.phase !== 'asking') return unchanged(state);
      return {
        state: { phase: 'writing', bytes: 0, sinceMs: input.nowMs },
        effects: [{ kind: 'write', bytes: PLAIN_OK.slice() }],
      };
    case 'decline':
      if (state.phase === 'writing') return unchanged(state);
      return end(state, { kind: 'declined', code: input.code });
    case 'peerEnded':
      if (state.phase !== 'writing') return fail(state, 'PEER_GONE');
      return {
        state: { phase: 'publishing' },
        effects: [{ kind: 'publish', bytes: state.bytes }],
      };
    case 'cancel':
      return end(state, { kind: 'cancelled', by: 'us' });
    case 'fault':
    case 'closed':
      return fail(state, input.code);
    case 'published':
      return unchanged(state);
  }
}

type Phase<P> = Extract<PlainReceiverState, { readonly phase: P }>;
type Naming = Phase<'naming'>;
type Open = Naming | Phase<'asking'> | Phase<'writing'>;

function onBytes(state: Open, bytes: Uint8Array, nowMs: number): ReceiverStep {
  if (bytes.length === 0) return unchanged(state);
  switch (state.phase) {
    case 'naming':
      return onName(state, bytes, nowMs);
    case 'asking':
      // It did not wait for ok, so where the name ends is anyone's guess
      return fail(state, 'PROTOCOL_VIOLATION');
    case 'writing':
      return {
        state: { phase: 'writing', bytes: state.bytes + bytes.length, sinceMs: nowMs },
        effects: [{ kind: 'content', bytes }],
      };
  }
}

/** Only a tick ends the name: bytes that were late to be looked at still belong to it. */
function onName(state: Naming, bytes: Uint8Array, nowMs: number): ReceiverStep {
  const room = PLAIN_NAME_BYTES - state.name.length;
  const name = joined(state.name, bytes.subarray(0, room));
  if (isForeign(name)) return fail(state, 'NOT_DROPLINE');
  if (bytes.length > room) return fail(state, failure('NAME_REFUSED', { reason: 'TOO_LONG' }));
  return { state: { ...state, name, sinceMs: nowMs }, effects: [] };
}

function onTick(state: Open, nowMs: number): ReceiverStep {
  if (nowMs < (plainReceiverDeadlineMs(state) ?? Infinity)) return unchanged(state);
  if (state.phase === 'asking') return end(state, { kind: 'declined', code: 'DECLINED' });
  if (state.phase === 'writing' || state.name.length === 0) return fail(state, 'PEER_TIMEOUT');
  const named = readPlainName(state.name, state.platform);
  if (!named.ok) return fail(state, named.failure);
  return {
    state: { phase: 'asking', sinceMs: nowMs },
    effects: [{ kind: 'ask', name: named.name, saved: named.saved }],
  };
}

/** The content is all there: the wire has no more say. Who cancels looks first whether it has its name. */
function onPublishing(state: Phase<'publishing'>, input: PlainReceiverInput): ReceiverStep {
  if (input.kind === 'published') return end(state, { kind: 'done' });
  if (input.kind === 'cancel') return end(state, { kind: 'cancelled', by: 'us' });
  if (input.kind === 'fault') return fail(state, input.code);
  return unchanged(state);
}

function fail(state: PlainReceiverState, why: ErrorCode | Failure): ReceiverStep {
  return end(state, { kind: 'failed', failure: typeof why === 'string' ? failure(why) : why });
}

/** Before ok an orderly close says no; after it only a reset tells the sender that it was in vain. */
function end(state: PlainReceiverState, outcome: Outcome): ReceiverStep {
  const midway = state.phase === 'writing' || state.phase === 'publishing';
  const wire = midway && outcome.kind !== 'done' ? 'reset' : 'close';
  return { state: { phase: 'ended' }, effects: [{ kind: 'end', outcome, wire }] };
}

function unchanged(state: PlainReceiverState): ReceiverStep {
  return { state, effects: [] };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
