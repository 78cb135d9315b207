import type { Connection } from './connection.ts';
import type { Dialler } from './dialler.ts';
import type { Clock } from './ports.ts';

export const WATCH_MS = 1_000;

/**
 * A peer that moved does not say so on the wire that it left, and TCP tells much later: one that is silent
 * while its peer is announced elsewhere is dead. Answers the way to stop watching.
 */
export function watchWire(
  clock: Clock,
  connection: Pick<Connection, 'isSilent'>,
  dialler: Pick<Dialler, 'isElsewhere'>,
  onDead: () => void,
): () => void {
  return clock.every(WATCH_MS, () => {
    if (connection.isSilent && dialler.isElsewhere) onDead();
  });
}
