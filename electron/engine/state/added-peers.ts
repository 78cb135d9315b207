import type { ListedPeer, Peer } from '../../../shared/model/peer.ts';
import { placesOf } from '../../../shared/model/peer.ts';

/** Devices that were added by their address: one that moves about is added at one after the other. */

/** Each once, by the address that was added last; where else it was met is tried after that. */
export function onceEach(added: readonly Peer[]): readonly Peer[] {
  return added.flatMap((peer, index) => {
    const { id } = peer;
    if (id === null) return [peer];
    if (added.slice(index + 1).some((later) => later.id === id)) return [];
    const elsewhere = added.slice(0, index).filter((before) => before.id === id);
    return elsewhere.length === 0
      ? [peer]
      : [{ ...peer, elsewhere: elsewhere.reverse().flatMap(placesOf) }];
  });
}

/** Takes a device off the list, with every address at which it was met. */
export function withoutAdded(added: readonly Peer[], key: string): readonly Peer[] {
  const id = added.find((peer) => peer.key === key)?.id ?? null;
  return added.filter((peer) => peer.key !== key && (id === null || peer.id !== id));
}

/** Whom a key means: the device stands under another one by now where it shows itself, too. */
export function peerOfKey(
  key: string,
  { peers, added }: { readonly peers: readonly ListedPeer[]; readonly added: readonly Peer[] },
): ListedPeer | undefined {
  const listed = peers.find((peer) => peer.key === key);
  if (listed) return listed;
  const id = added.find((peer) => peer.key === key)?.id ?? null;
  return id === null ? undefined : peers.find((peer) => peer.id === id);
}
