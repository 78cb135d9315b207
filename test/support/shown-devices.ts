import type { ListedPeer, PeerId } from '../../shared/model/peer.ts';
import type { Self } from '../../shared/model/snapshot.ts';

/** Devices as a window shows them: its own, and those nearby. */

export const peerId = (seed: string): PeerId => seed.repeat(64).slice(0, 64) as PeerId;

export const self: Self = {
  id: peerId('3fa91c07be'),
  name: 'Studio',
  platform: 'linux',
  host: '::',
  port: 47710,
  addresses: ['192.168.1.20'],
  directory: '/home/mara/Downloads',
  discovery: 'on',
  keyKept: 'owner',
  hasKeyStore: false,
  isNew: false,
};

export const interfaces = [{ name: 'eth0', addresses: ['192.168.1.20'] }] as const;

export function peer(name: string, more: Partial<ListedPeer> = {}): ListedPeer {
  const id = peerId(Array.from(name, (letter) => letter.charCodeAt(0).toString(16)).join(''));
  return {
    key: id,
    id,
    name,
    platform: 'linux',
    addresses: ['192.168.1.31'],
    port: 47710,
    foundBy: 'discovery',
    paired: false,
    calledLike: null,
    ...more,
  };
}

export const peers: readonly ListedPeer[] = [
  peer('Ada’s laptop', { platform: 'macos', addresses: ['192.168.1.31', 'fe80::1'] }),
  peer('Workshop PC', { platform: 'windows', addresses: ['192.168.1.44'] }),
  peer('nas', { addresses: ['192.168.1.2'] }),
  {
    key: 'address:10.0.4.17:47710',
    id: null,
    name: '10.0.4.17',
    platform: 'other',
    addresses: ['10.0.4.17'],
    port: 47710,
    foundBy: 'address',
    paired: false,
    calledLike: null,
  },
];
