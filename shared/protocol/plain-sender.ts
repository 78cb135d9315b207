import type { ErrorCode } from '../errors.ts';
import { failure } from '../errors.ts';
import { ANSWER_TIMEOUT_MS, PLAIN_CLOSE_WAIT_MS, PLAIN_IDLE_MS } from './limits.ts';
import type { Outcome, Step } from './session.ts';

/**
 * The sender's side of the bare exchange (PROTOCOL.md §10). `done` means that it was sent: nothing on this
 * wire ever says that it was saved.
 */

export const PLAIN_OK: Uint8Array = Uint8Array.of(0x6f, 0x6b);

export interface PlainEnd {
  readonly kind: 'end';
  readonly outcome: Outcome;
  /** How to leave the wire. An orderly end would make what was cut short look whole: then reset it. */
  readonly wire: 'close' | 'reset';
}

export type PlainSenderState =
  | { readonly phase: 'connecting'; readonly name: string }
  | { readonly phase: 'waiting'; readonly okBytes: number; readonly sinceMs: number }
  | {
      readonly phase: 'streaming' | 'closing';
      /** When something last moved. */
      readonly sinceMs: number;
    }
  | { readonly phase: 'ended' };

export type PlainSenderInput =
  | { readonly kind: 'connected'; readonly nowMs: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly nowMs: number }
  /** Some content left for the wire. */
  | { readonly kind: 'sent'; readonly nowMs: number }
  /** All of the content did. */
  | { readonly kind: 'allSent'; readonly nowMs: number }
  | { readonly kind: 'tick'; readonly nowMs: number }
  | { readonly kind: 'peerEnded' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'fault'; readonly code: ErrorCode }
  /** The wire is gone. `code` null: in order, both sides having ended it. */
  | { readonly kind: 'closed'; readonly code: ErrorCode | null };

export type PlainSenderEffect =
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  /** Write the content, then say `allSent`. */
  | { readonly kind: 'stream' }
  /** End this direction of the wire; go on reading. */
  | { readonly kind: 'finish' }
  | PlainEnd;

type SenderStep = Step<PlainSenderState, PlainSenderEffect>;

/** `name`: the file's, without any directory. */
export function createPlainSender(name: string): PlainSenderState {
  return { phase: 'connecting', name };
}

/** When the next tick has something to do; null: never. */
export function plainSenderDeadlineMs(state: PlainSenderState): number | null {
  switch (state.phase) {
    case 'waiting':
      return state.sinceMs + ANSWER_TIMEOUT_MS;
    case 'streaming':
      return state.sinceMs + PLAIN_IDLE_MS;
    case 'closing':
      return state.sinceMs + PLAIN_CLOSE_WAIT_MS;
    case 'connecting':
    case 'ended':
      return null;
  }
}

export function stepPlainSender(state: PlainSenderState, input: PlainSenderInput): SenderStep {
  if (state.phase === 'ended') return unchanged(state);
  switch (input.kind) {
    case 'connected':
      if (state.phase !== 'connecting') return unchanged(state);
      return {
        state: { phase: 'waiting', okBytes: 0, sinceMs: input.nowMs },
        effects: [{ kind: 'write', bytes: new TextEncoder().encode(state.name) }],
      };
    case 'bytes':
      return onBytes(state, input.bytes, input.nowMs);
    case 'sent':
      if (state.phase !== 'streaming') return unchanged(state);
      return { state: { ...state, sinceMs: input.nowMs }, effects: [] };
    case 'allSent':
      if (state.phase !== 'streaming') return unchanged(state);
      return {
        state: { ...state, phase: 'closing', sinceMs: input.nowMs },
        effects: [{ kind: 'finish' }],
      };
    case 'tick':
      return onTick(state, input.nowMs);
    case 'peerEnded':
      return onPeerEnded(state);
    case 'cancel':
      return end({ kind: 'cancelled', by: 'us' });
    case 'fault':
      return fail(input.code);
    case 'closed':
      return onClosed(state, input.code);
  }
}

type Open = Exclude<PlainSenderState, { readonly phase: 'ended' }>;

/** The two bytes, in whatever pieces, and never anything else. */
function onBytes(state: Open, bytes: Uint8Array, nowMs: number): SenderStep {
  if (bytes.length === 0) return unchanged(state);
  if (state.phase !== 'waiting') return fail('NOT_DROPLINE');
  const okBytes = state.okBytes + bytes.length;
  const isOk = bytes.every((byte, n) => byte === PLAIN_OK[state.okBytes + n]);
  if (!isOk) return fail('NOT_DROPLINE');
  if (okBytes < PLAIN_OK.length) return { state: { ...state, okBytes }, effects: [] };
  return {
    state: { phase: 'streaming', sinceMs: nowMs },
    effects: [{ kind: 'stream' }],
  };
}

function onTick(state: Open, nowMs: number): SenderStep {
  if (nowMs < (plainSenderDeadlineMs(state) ?? Infinity)) return unchanged(state);
  return state.phase === 'closing' ? end({ kind: 'done' }) : fail('PEER_TIMEOUT');
}

function onPeerEnded(state: Open): SenderStep {
  switch (state.phase) {
    case 'connecting':
      return fail('PEER_GONE');
    case 'waiting':
      // An orderly end instead of ok is the only way there is to say no
      return state.okBytes === 0 ? end({ kind: 'declined', code: 'DECLINED' }) : fail('PEER_GONE');
    case 'streaming':
      // It may end its own direction and read on; if it is gone, writing finds that out
      return unchanged(state);
    case 'closing':
      return end({ kind: 'done' });
  }
}

function onClosed(state: Open, code: ErrorCode | null): SenderStep {
  if (code !== null) return fail(code);
  if (state.phase === 'closing') return end({ kind: 'done' });
  return state.phase === 'waiting' ? onPeerEnded(state) : fail('PEER_GONE');
}

function fail(code: ErrorCode): SenderStep {
  return end({ kind: 'failed', failure: failure(code) });
}

function end(outcome: Outcome): SenderStep {
  const wire = outcome.kind === 'done' ? 'close' : 'reset';
  return { state: { phase: 'ended' }, effects: [{ kind: 'end', outcome, wire }] };
}

function unchanged(state: PlainSenderState): SenderStep {
  return { state, effects: [] };
}
