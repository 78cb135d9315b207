import type { ErrorCode, Failure } from '../errors.ts';
import { failure } from '../errors.ts';
import type { Platform } from '../model/peer.ts';
import { PROTOCOL_VERSIONS } from './limits.ts';
import type { Message, MessageOf } from './messages.ts';
import { HASH_ALGORITHMS } from './messages.ts';

/** What both ends of a session share: greeting, ending, and how a step answers. */

export interface Greeting {
  readonly name: string;
  readonly platform: Platform;
  /** What this side can hash with, best first. */
  readonly hashes: readonly string[];
  /** How many lanes this side would dial as a receiver (§14). */
  readonly lanes?: number;
  /** This side hears of more failures than `done` names, as a sender (§5.16). */
  readonly failures?: boolean;
  /** How many thumbnails this side would make as a sender (§5.15). */
  readonly thumbnails?: number;
}

export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'declined'; readonly code: ErrorCode }
  | { readonly kind: 'cancelled'; readonly by: 'us' | 'peer' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type SendEffect = { readonly kind: 'send'; readonly message: Message };
export type EndEffect = { readonly kind: 'end'; readonly outcome: Outcome };

export interface Step<S, E> {
  readonly state: S;
  readonly effects: readonly E[];
}

export function send(message: Message): SendEffect {
  return { kind: 'send', message };
}

export function hello(greeting: Greeting): MessageOf<'hello'> {
  return {
    type: 'hello',
    versions: [...PROTOCOL_VERSIONS],
    name: greeting.name,
    platform: greeting.platform,
    hashes: greeting.hashes.filter((h) => (HASH_ALGORITHMS as readonly string[]).includes(h)),
    ...(greeting.lanes === undefined ? {} : { lanes: greeting.lanes }),
    ...(greeting.failures === true ? { failures: true } : {}),
    ...(greeting.thumbnails === undefined ? {} : { thumbnails: greeting.thumbnails }),
  };
}

/** The highest version both speak; null: none. */
export function commonVersion(theirs: readonly number[]): number | null {
  return PROTOCOL_VERSIONS.find((v) => theirs.includes(v)) ?? null;
}

type Ended<S> = Step<S & { readonly phase: 'ended' }, SendEffect | EndEffect>;

export function ended<S extends object>(
  state: S,
  outcome: Outcome,
  ...messages: readonly Message[]
): Ended<S> {
  return {
    state: { ...state, phase: 'ended' },
    effects: [...messages.map(send), { kind: 'end', outcome }],
  };
}

/** Ends with an error that the other side is told, too. */
export function failed<S extends object>(state: S, code: ErrorCode): Ended<S> {
  return ended(state, { kind: 'failed', failure: failure(code) }, { type: 'error', code });
}

/** What every phase answers alike; null: the message is for the phase to judge. */
export function anyPhase<S extends object>(state: S, message: Message): Step<S, EndEffect> | null {
  switch (message.type) {
    case 'ping':
      return { state, effects: [] };
    case 'cancel':
      return ended(state, { kind: 'cancelled', by: 'peer' }) as Step<S, EndEffect>;
    case 'error':
      return ended(state, {
        kind: 'failed',
        failure: failure(message.code),
      }) as Step<S, EndEffect>;
    default:
      return null;
  }
}
