import type { ErrorCode, Failure } from '../errors.ts';
import { failure } from '../errors.ts';
import type { PairingAnswer } from '../model/pairing.ts';
import type { Platform } from '../model/peer.ts';
import type { Ends, PairingPorts } from './pairing-code.ts';
import { codeOf, commitTo } from './pairing-code.ts';
import type { PairingMessage } from './pairing-messages.ts';
import type { Step } from './session.ts';

/**
 * Both sides of a pairing (PROTOCOL.md §13): the initiator, who dialled, commits to its nonce before it
 * sees the other's, so that nobody in between can choose what code the two people will see.
 */

export type PairingRole = 'initiator' | 'responder';

export interface PairingOptions {
  readonly role: PairingRole;
  readonly name: string;
  readonly platform: Platform;
  readonly ends: Ends;
  /** NONCE_BYTES at random, used once. */
  readonly nonce: Uint8Array;
  readonly ports: PairingPorts;
}

export type PairingOutcome =
  /** Both people said that the codes match, and each side knows of the other. */
  | { readonly kind: 'paired' }
  | { readonly kind: 'mismatch'; readonly by: 'us' | 'peer' }
  /** Somebody does not want to compare now. */
  | { readonly kind: 'later'; readonly by: 'us' | 'peer' }
  | { readonly kind: 'failed'; readonly failure: Failure };

interface Peer {
  readonly name: string;
  readonly platform: Platform;
}

export type PairingState = { readonly options: PairingOptions } & (
  | { readonly phase: 'greeting' }
  /** The responder waits for the commit. */
  | { readonly phase: 'greeted'; readonly peer: Peer }
  /** The initiator has committed and waits for the other nonce. */
  | { readonly phase: 'committed'; readonly peer: Peer }
  /** The responder has sent its nonce and waits for what was committed to. */
  | { readonly phase: 'challenged'; readonly peer: Peer; readonly commit: Uint8Array }
  | { readonly phase: 'comparing'; readonly weMatch: boolean; readonly theyMatch: boolean }
  /** Both people said yes, and the other side does not know that we know. */
  | { readonly phase: 'confirming' }
  | { readonly phase: 'ended' }
);

export type PairingInput =
  | { readonly kind: 'message'; readonly message: PairingMessage }
  | { readonly kind: 'answer'; readonly answer: PairingAnswer }
  /** Something here went wrong; the other side is told. */
  | { readonly kind: 'fault'; readonly code: ErrorCode }
  /** The wire is gone. */
  | { readonly kind: 'closed'; readonly code: ErrorCode };

export type PairingEffect =
  | { readonly kind: 'send'; readonly message: PairingMessage }
  /** From here on the other side may know the code: this was one guess of whoever is in between. */
  | { readonly kind: 'drawn' }
  | { readonly kind: 'show'; readonly code: string; readonly peer: Peer }
  | { readonly kind: 'peerMatched' }
  | { readonly kind: 'end'; readonly outcome: PairingOutcome };

type PairingStep = Step<PairingState, PairingEffect>;
type In<P extends PairingState['phase']> = Extract<PairingState, { readonly phase: P }>;

export function createPairing(options: PairingOptions): PairingStep {
  const state: PairingState = { options, phase: 'greeting' };
  return { state, effects: options.role === 'responder' ? [send(greeting(options))] : [] };
}

/** Never throws, whatever comes. */
export function stepPairing(state: PairingState, input: PairingInput): PairingStep {
  if (state.phase === 'ended') return { state, effects: [] };
  switch (input.kind) {
    case 'message':
      return onMessage(state, input.message);
    case 'answer':
      return onAnswer(state, input.answer);
    case 'fault':
      return failed(state, input.code);
    case 'closed':
      return ended(state, { kind: 'failed', failure: failure(input.code) });
  }
}

function onMessage(state: PairingState, message: PairingMessage): PairingStep {
  if (message.type === 'ping') return { state, effects: [] };
  if (message.type === 'error') return onError(state, message.code);
  switch (state.phase) {
    case 'greeting':
      return message.type === 'greeting' ? greeted(state, message) : violation(state);
    case 'greeted':
      return message.type === 'commit' ? challenge(state, message.bytes) : violation(state);
    case 'committed':
      return message.type === 'nonce' ? reveal(state, message.bytes) : violation(state);
    case 'challenged':
      return message.type === 'reveal' ? opened(state, message.bytes) : violation(state);
    case 'comparing':
      if (message.type === 'mismatch') return ended(state, { kind: 'mismatch', by: 'peer' });
      if (message.type !== 'match' || state.theyMatch) return violation(state);
      return agreed({ ...state, theyMatch: true }, { kind: 'peerMatched' });
    case 'confirming':
      if (message.type === 'mismatch') return ended(state, { kind: 'mismatch', by: 'peer' });
      return message.type === 'paired' ? ended(state, { kind: 'paired' }) : violation(state);
    case 'ended':
      return { state, effects: [] };
  }
}

function onError(state: PairingState, code: ErrorCode): PairingStep {
  if (code === 'CANCELLED') return ended(state, { kind: 'later', by: 'peer' });
  return ended(state, { kind: 'failed', failure: failure(code) });
}

function greeted({ options }: In<'greeting'>, { name, platform }: Peer): PairingStep {
  const peer = { name, platform };
  if (options.role === 'responder') {
    return { state: { options, phase: 'greeted', peer }, effects: [] };
  }
  const commit = commitTo(options.ends, options.nonce, options.ports);
  return {
    state: { options, phase: 'committed', peer },
    effects: [send(greeting(options)), send({ type: 'commit', bytes: commit })],
  };
}

function challenge({ options, peer }: In<'greeted'>, commit: Uint8Array): PairingStep {
  return {
    state: { options, phase: 'challenged', peer, commit },
    effects: [send({ type: 'nonce', bytes: options.nonce }), { kind: 'drawn' }],
  };
}

/** A nonce of ours that comes back is a mirror, and proves nothing. */
function reveal(state: In<'committed'>, theirs: Uint8Array): PairingStep {
  const { options, peer } = state;
  const { ends, nonce, ports } = options;
  if (same(theirs, nonce)) return violation(state);
  const code = codeOf(ends, nonce, theirs, ports);
  const effects = [send({ type: 'reveal', bytes: nonce }), { kind: 'drawn' } as const];
  return compare(options, peer, code, effects);
}

function opened(state: In<'challenged'>, theirs: Uint8Array): PairingStep {
  const { options, peer, commit } = state;
  const { ends, nonce, ports } = options;
  if (same(theirs, nonce)) return violation(state);
  if (!ports.equal(commitTo(ends, theirs, ports), commit)) return violation(state);
  return compare(options, peer, codeOf(ends, theirs, nonce, ports), []);
}

function compare(
  options: PairingOptions,
  peer: Peer,
  code: string,
  before: readonly PairingEffect[],
): PairingStep {
  return {
    state: { options, phase: 'comparing', weMatch: false, theyMatch: false },
    effects: [...before, { kind: 'show', code, peer }],
  };
}

function onAnswer(state: PairingState, answer: PairingAnswer): PairingStep {
  if (answer === 'later') {
    return ended(state, { kind: 'later', by: 'us' }, { type: 'error', code: 'CANCELLED' });
  }
  if (state.phase !== 'comparing') return { state, effects: [] };
  if (answer === 'mismatch') {
    return ended(state, { kind: 'mismatch', by: 'us' }, { type: 'mismatch' });
  }
  if (state.weMatch) return { state, effects: [] };
  return agreed({ ...state, weMatch: true }, send({ type: 'match' }));
}

/** `paired` says: both words have come through here. */
function agreed(state: In<'comparing'>, effect: PairingEffect): PairingStep {
  if (!state.weMatch || !state.theyMatch) return { state, effects: [effect] };
  return {
    state: { options: state.options, phase: 'confirming' },
    effects: [effect, send({ type: 'paired' })],
  };
}

function greeting({ name, platform }: PairingOptions): PairingMessage {
  return { type: 'greeting', name, platform };
}

function send(message: PairingMessage): PairingEffect & { kind: 'send' } {
  return { kind: 'send', message };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, n) => byte === b[n]);
}

function violation(state: PairingState): PairingStep {
  return failed(state, 'PROTOCOL_VIOLATION');
}

function failed(state: PairingState, code: ErrorCode): PairingStep {
  return ended(state, { kind: 'failed', failure: failure(code) }, { type: 'error', code });
}

/** The side that dialled says nothing before it was greeted, not even that it gives up. */
function ended(
  { options, phase }: PairingState,
  outcome: PairingOutcome,
  last?: PairingMessage,
): PairingStep {
  const isMute = options.role === 'initiator' && phase === 'greeting';
  return {
    state: { options, phase: 'ended' },
    effects: [...(last && !isMute ? [send(last)] : []), { kind: 'end', outcome }],
  };
}
