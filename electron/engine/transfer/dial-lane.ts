import type { Identity } from './authentication.ts';
import type { Connection } from './connection.ts';
import { Dial } from './dial.ts';
import { LANE } from './dialects.ts';
import type { Clock } from './ports.ts';
import type { DialLane } from './receive-lanes.ts';

/**
 * Lanes go to the sender of this session: to the very address that it came from, whatever the session
 * says, and to its key (PROTOCOL.md §14.2).
 */
export function dialLaneTo(
  session: Pick<Connection, 'address' | 'localAddress' | 'peerId'>,
  identity: Identity,
  clock: Clock,
): DialLane {
  return async (port, signal) => {
    const dial = new Dial({
      dialect: LANE,
      identity,
      clock,
      places: [{ address: session.address, port }],
      expectedPeerId: session.peerId,
      signal,
      from: session.localAddress,
      isBulk: true,
    });
    return (await dial.answered).connection;
  };
}
