import type { PeerId } from '../../shared/model/peer.ts';
import type { EngineState } from './state/reduce.ts';

/** Whom a device that calls is told this one's name; null: everybody. */
export function visibleTo({ settings, paired }: EngineState): readonly PeerId[] | null {
  return settings.visibility === 'everyone' ? null : paired.map(({ id }) => id);
}
