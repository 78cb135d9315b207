import { DroplineError } from '../../shared/errors.ts';
import type { PeerId, Place, Target } from '../../shared/model/peer.ts';
import { placesOf } from '../../shared/model/peer.ts';
import { DEFAULT_PORT } from '../../shared/model/settings.ts';
import { peerOfKey } from './state/added-peers.ts';
import type { Store } from './state/store.ts';

/** Whom to dial, and where. */
export interface Addressee {
  /** Best first. */
  readonly places: readonly Place[];
  readonly expectedPeerId: PeerId | null;
  readonly name: string;
}

/**
 * A listed device must be the one it claims to be; an address is whoever answers there.
 * Throws PEER_NOT_FOUND.
 */
export function addresseeOf(to: Target, store: Store): Addressee {
  if (to.kind === 'address') {
    const port = to.port ?? DEFAULT_PORT;
    const { host, expectedPeerId } = to;
    return { places: [{ address: host, port }], expectedPeerId, name: host };
  }
  const peer = peerOfKey(to.key, store.state);
  if (!peer) throw new DroplineError('PEER_NOT_FOUND', { name: to.key });
  const { id, name } = peer;
  return { places: placesOf(peer), expectedPeerId: id, name };
}
