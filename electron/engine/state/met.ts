import type { Peer, PeerId } from '../../../shared/model/peer.ts';

/** Where somebody answered, as it was dialled. */
interface Where {
  readonly address: string;
  /** null: not known. */
  readonly port: number | null;
}

/**
 * What was added by an address is a device with a name once somebody has answered there, and from then on
 * that one: another that answers later is not sent to without a word. The same list where it changes nothing.
 */
export function met(
  added: readonly Peer[],
  { address, port }: Where,
  { id, name }: { readonly id: PeerId; readonly name: string },
): readonly Peer[] {
  const there = added.filter(
    (peer) =>
      peer.id === null && peer.addresses.includes(address) && (port === null || peer.port === port),
  );
  // several at one address, of which only a port tells which was met
  if (there.length !== 1) return added;
  return added.map((peer) => (peer === there[0] ? { ...peer, id, name } : peer));
}
