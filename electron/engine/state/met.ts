import type { Peer, PeerId, Place } from '../../../shared/model/peer.ts';

/** Somebody answered at an address that was dialled. */
export interface Meeting {
  /** As it was dialled. */
  readonly where: Place;
  readonly id: PeerId;
  readonly name: string;
}

/**
 * What was added by an address is a device with a name once somebody has answered there, and from then on
 * that one: another that answers later is not sent to without a word. The same list where it changes nothing.
 */
export function met(added: readonly Peer[], { where, id, name }: Meeting): readonly Peer[] {
  const { address, port } = where;
  const there = added.find(
    (peer) => peer.id === null && peer.port === port && peer.addresses.includes(address),
  );
  return there ? added.map((peer) => (peer === there ? { ...peer, id, name } : peer)) : added;
}
