import { lookalikeOf } from '../../../shared/model/lookalike.ts';
import type { PairedDevice } from '../../../shared/model/pairing.ts';
import type { ListedPeer, Peer } from '../../../shared/model/peer.ts';
import type { Transfer, TransferPeer } from '../../../shared/model/transfer.ts';
import { cleanDeviceName } from '../../../shared/protocol/device-name.ts';
import type { WirePeer } from '../transfer/worker-messages.ts';

/** What the list of paired devices says about whoever is at the other end. */

/** A paired device has the name that was saved; what it calls itself now is not looked at. */
export function transferPeer(
  peer: WirePeer,
  paired: readonly PairedDevice[],
  fallback: string,
): TransferPeer {
  const { id, address } = peer;
  const device = paired.find((known) => known.id === id);
  if (device) return { id, name: device.name, address, verified: true };
  const name = cleanDeviceName(peer.name, fallback);
  const calledLike = lookalikeOf({ id, name }, paired);
  return { id, name, address, verified: false, ...(calledLike && { calledLike }) };
}

/** The list has changed: so has what is known of transfers that were there before. */
export function withStanding(transfer: Transfer, paired: readonly PairedDevice[]): Transfer {
  const { peer } = transfer;
  const now = transferPeer(peer, paired, peer.name);
  const same =
    now.verified === peer.verified && now.name === peer.name && now.calledLike === peer.calledLike;
  return same ? transfer : { ...transfer, peer: now };
}

export function listed(peer: Peer, paired: readonly PairedDevice[]): ListedPeer {
  const device = paired.find(({ id }) => id === peer.id);
  if (device) return { ...peer, name: device.name, paired: true, calledLike: null };
  return { ...peer, paired: false, calledLike: lookalikeOf(peer, paired) };
}
