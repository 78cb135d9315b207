import { expect, test } from 'vitest';
import { addresseeOf } from '../../../electron/engine/addressee.ts';
import type { Change } from '../../../electron/engine/state/reduce.ts';
import { reduce, toSnapshot } from '../../../electron/engine/state/reduce.ts';
import { Store } from '../../../electron/engine/state/store.ts';
import type { ListedPeer, Peer, PeerId } from '../../../shared/model/peer.ts';
import { placesOf } from '../../../shared/model/peer.ts';
import type { Transfer, TransferId } from '../../../shared/model/transfer.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { empty, happened } from '../../support/store-events.ts';

/** If one of these fails, a device that was added by its address stays a number for ever. */

const BEN = 'ab'.repeat(32) as PeerId;
const CLEO = 'cd'.repeat(32) as PeerId;
const SEND = '11'.repeat(16) as TransferId;
const HOST = 'ben.example';

function byAddress(port = 5_000): Peer {
  const key = `address:${HOST}:${port}`;
  const where = { addresses: [HOST], port, foundBy: 'address' } as const;
  return { key, id: null, name: HOST, platform: 'other', ...where };
}

const adds = (port?: number): Change => ({ kind: 'peerAdded', peer: byAddress(port) });
const sends = {
  kind: 'transferAdded',
  transfer: {
    id: SEND,
    direction: 'send',
    phase: 'connecting',
    peer: { id: null, name: HOST, address: HOST, verified: false },
  } as unknown as Transfer,
} as const satisfies Change;

/** Where a name led is another address than the one that was dialled. */
const answers = (id: PeerId, port = 5_000): Change => {
  const peer = { id, name: 'Ben', address: '10.0.0.2' };
  return happened({ kind: 'waiting', transferId: SEND, peer, port });
};

function peersAfter(...changes: readonly Change[]): readonly ListedPeer[] {
  return toSnapshot(changes.reduce(reduce, empty())).peers;
}

test('who answers a transfer there gives it a name and a key, and keeps its place in the list', () => {
  const { key } = byAddress();
  const [peer] = peersAfter(adds(), sends, answers(BEN));
  expect(peer).toMatchObject({ key, id: BEN, name: 'Ben', foundBy: 'address', addresses: [HOST] });
  expect(peersAfter(adds(), sends)[0]).toMatchObject({ id: null, name: HOST });
});

test('another who answers there later does not take its place', () => {
  expect(peersAfter(adds(), sends, answers(BEN), answers(CLEO))[0]).toMatchObject({ id: BEN });
});

test('of two at one address it is the one whose port was dialled', () => {
  const ids = peersAfter(adds(5_000), adds(6_000), sends, answers(BEN, 6_000)).map(({ id }) => id);
  expect(ids).toEqual([null, BEN]);
});

test('once it is paired the mark is there, and the saved name', () => {
  const devices = [
    { id: BEN, name: 'Anna', platform: 'linux', pairedAtMs: 0, rule: null },
  ] as const;
  const [peer] = peersAfter(adds(), sends, answers(BEN), { kind: 'paired', devices });
  expect(peer).toMatchObject({ name: 'Anna', paired: true });
});

test('where it shows itself, too, it stands in the list once, and after it is gone again', () => {
  const found: Peer = { ...byAddress(), key: BEN, id: BEN, name: 'Ben', foundBy: 'discovery' };
  const meeting = [adds(), sends, answers(BEN)] as const;
  const both = peersAfter(...meeting, { kind: 'discovered', peers: [found] });
  expect(both.map(({ foundBy }) => foundBy)).toEqual(['discovery']);
  const away = peersAfter(
    ...meeting,
    { kind: 'discovered', peers: [found] },
    { kind: 'discovered', peers: [] },
  );
  expect(away).toMatchObject([{ id: BEN, foundBy: 'address' }]);
});

test('one that was met at several addresses stands there once, by the latest, and goes as a whole', () => {
  const added = [adds(5_000), sends, answers(BEN), adds(6_000), sends, answers(BEN, 6_000)];
  const [peer, ...others] = peersAfter(...added);
  expect(others).toEqual([]);
  expect(peer!.key).toBe(byAddress(6_000).key);
  expect(placesOf(peer!).map(({ port }) => port)).toEqual([6_000, 5_000]);
  const { key } = peer!;
  expect(peersAfter(...added, adds(7_000), { kind: 'peerRemoved', key })).toMatchObject([
    { id: null, port: 7_000 },
  ]);
});

test('what was sent to an address goes again to the device that shows itself meanwhile', () => {
  const found: Peer = { ...byAddress(7_000), key: BEN, id: BEN, foundBy: 'discovery' };
  const store = new Store(empty(), new HandClock());
  const to = { kind: 'peer', key: byAddress().key } as const;
  expect(() => addresseeOf(to, store)).toThrow(expect.objectContaining({ code: 'PEER_NOT_FOUND' }));
  for (const change of [adds(), sends, answers(BEN)]) store.apply(change);
  store.apply({ kind: 'discovered', peers: [found] });
  const { expectedPeerId, places } = addresseeOf(to, store);
  expect(expectedPeerId).toBe(BEN);
  expect(places).toEqual([{ address: HOST, port: 7_000 }]);
});
