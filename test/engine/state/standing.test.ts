import { expect, test } from 'vitest';
import { listed, transferPeer, withStanding } from '../../../electron/engine/state/standing.ts';
import type { PairedDevice } from '../../../shared/model/pairing.ts';
import type { Peer, PeerId } from '../../../shared/model/peer.ts';
import type { Transfer } from '../../../shared/model/transfer.ts';

/** If one of these fails, a name that anybody may bear passes for the device that was paired. */

const FRIEND = 'ab'.repeat(32) as PeerId;
const STRANGER = 'cd'.repeat(32) as PeerId;
const PAIRED: readonly PairedDevice[] = [
  { id: FRIEND, name: 'Anna', platform: 'linux', pairedAtMs: 0, rule: null },
];
const stranger = { id: STRANGER, name: 'Anna', address: '10.0.0.66' };

test('of a transfer, the key says who it is: its name is the one that was saved', () => {
  expect(transferPeer({ ...stranger, id: FRIEND, name: 'Mallory' }, PAIRED, 'x')).toEqual({
    id: FRIEND,
    name: 'Anna',
    address: stranger.address,
    verified: true,
  });
});

test('of a transfer, the name says nothing, with another key or without one', () => {
  for (const id of [STRANGER, null]) {
    const peer = transferPeer({ ...stranger, id }, PAIRED, 'x');
    expect(peer).toMatchObject({ id, verified: false });
    const before = { peer: { ...peer, verified: true } } as Transfer;
    expect(withStanding(before, PAIRED).peer.verified).toBe(false);
  }
  expect(transferPeer(stranger, PAIRED, 'x').calledLike).toBeDefined();
});

test('on the list of devices it is the same', () => {
  const peer: Peer = {
    key: STRANGER,
    ...stranger,
    platform: 'linux',
    addresses: [stranger.address],
    port: 1,
    foundBy: 'discovery',
  };
  expect(listed(peer, PAIRED)).toMatchObject({ id: STRANGER, paired: false });
  expect(listed(peer, PAIRED).calledLike).not.toBeNull();
  const friend = listed({ ...peer, key: FRIEND, id: FRIEND, name: 'Mallory' }, PAIRED);
  expect(friend).toMatchObject({ id: FRIEND, name: 'Anna', paired: true });
});
