import { folded, holdsWords } from './folded.ts';
import type { PairedDevice } from './pairing.ts';
import type { ListedPeer, PeerId } from './peer.ts';

/** So many are taken in at a glance; of more, one is searched for. */
const SEARCHED_FROM = 9;

interface Devices {
  readonly peers: readonly ListedPeer[];
  readonly paired: readonly PairedDevice[];
  readonly favourites: readonly PeerId[];
}

export interface DeviceList {
  /** Favourites first, otherwise in the order in which they came. */
  readonly near: readonly ListedPeer[];
  /** Paired, and not in sight. */
  readonly away: readonly PairedDevice[];
  /** There are so many, near and away, that a search helps. */
  readonly isSearched: boolean;
}

/** The devices to show where a person looks for `text`: each of its words must occur somewhere. */
export function deviceList({ peers, paired, favourites }: Devices, text: string): DeviceList {
  const inSight = new Set(peers.map(({ id }) => id));
  const away = paired.filter(({ id }) => !inSight.has(id));
  const isSearched = peers.length + away.length >= SEARCHED_FROM;
  const fits = (...said: readonly string[]): boolean =>
    !isSearched || holdsWords(folded(said.join('\n')), text);
  const near = peers.filter(({ name, platform, addresses }) => fits(name, platform, ...addresses));
  return {
    near: favouritesFirst(near, favourites),
    away: favouritesFirst(
      away.filter(({ name, platform }) => fits(name, platform)),
      favourites,
    ),
    isSearched,
  };
}

/** `id`: a claim. A favourite is a place in a list, and no proof of anything. */
export function isFavourite(id: PeerId | null, favourites: readonly PeerId[]): boolean {
  return id !== null && favourites.includes(id);
}

function favouritesFirst<T extends { readonly id: PeerId | null }>(
  devices: readonly T[],
  favourites: readonly PeerId[],
): readonly T[] {
  const isFirst = ({ id }: T): boolean => isFavourite(id, favourites);
  return [...devices.filter(isFirst), ...devices.filter((device) => !isFirst(device))];
}
