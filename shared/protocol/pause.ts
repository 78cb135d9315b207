import type { PausedBy } from '../model/transfer.ts';
import type { Message } from './messages.ts';
import type { SendEffect, Step } from './session.ts';
import { send } from './session.ts';

/**
 * Who wants the stream to stand still (PROTOCOL.md §5.13). It stands while either side does, and each side
 * takes back only what it said itself.
 */
export interface Pause {
  readonly byUs: boolean;
  readonly byPeer: boolean;
}

/** The stream stands or goes on, or somebody else wants it now. */
export interface PauseEffect extends Pause {
  readonly kind: 'pauseChanged';
}

export const NOT_PAUSED: Pause = { byUs: false, byPeer: false };

export function isPaused({ byUs, byPeer }: Pause): boolean {
  return byUs || byPeer;
}

/** null: nobody. */
export function pausedBy({ byUs, byPeer }: Pause): PausedBy | null {
  if (byUs) return byPeer ? 'both' : 'us';
  return byPeer ? 'peer' : null;
}

type PauseStep<S> = Step<S, SendEffect | PauseEffect>;

/** Our person wants it; the other side is told. */
export function pauseByUs<S extends { readonly pause: Pause }>(
  state: S,
  byUs: boolean,
): PauseStep<S> {
  const told: Message = { type: byUs ? 'pause' : 'resume' };
  return change(state, { ...state.pause, byUs }, send(told));
}

/** The other side said so. Saying it twice is no harm. */
export function pauseByPeer<S extends { readonly pause: Pause }>(
  state: S,
  byPeer: boolean,
): PauseStep<S> {
  return change(state, { ...state.pause, byPeer });
}

/** The stream has come to its end: there is nothing left that could stand still. */
export function pauseOver<S extends { readonly pause: Pause }>(state: S): PauseStep<S> {
  return change(state, NOT_PAUSED);
}

function change<S extends { readonly pause: Pause }>(
  state: S,
  pause: Pause,
  ...told: readonly SendEffect[]
): PauseStep<S> {
  const { byUs, byPeer } = state.pause;
  if (pause.byUs === byUs && pause.byPeer === byPeer) return { state, effects: [] };
  return { state: { ...state, pause }, effects: [...told, { kind: 'pauseChanged', ...pause }] };
}
