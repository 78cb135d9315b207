import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerTable } from '../../../electron/engine/discovery/peer-table.ts';
import type { Sighting } from '../../../electron/engine/discovery/sightings.ts';
import { MAX_PEERS, MAX_TTL_SECONDS } from '../../../shared/protocol/limits.ts';
import { ID, idOf } from './fake-network.ts';

interface Said extends Partial<Omit<Sighting, 'hint'>> {
  readonly id?: typeof ID;
  readonly name?: string;
}

function sighting({ id = ID, name = 'desk', ...rest }: Said = {}): Sighting {
  return {
    hint: { version: 1, id, name, platform: 'linux' },
    source: '10.0.0.1',
    port: 4000,
    addresses: [],
    ttlSeconds: 120,
    ...rest,
  };
}

function tableOf(...said: readonly Said[]): PeerTable {
  const table = new PeerTable();
  for (const one of said) table.see(sighting(one), 0);
  return table;
}

const EVIL = { source: '10.0.0.66' };
const ADDRESS = '10.0.0.1';

describe('the peer table', () => {
  it('lists a device under the id it claims', () => {
    expect(tableOf({ addresses: ['10.1.0.1'] }).peers(null)).toEqual([
      {
        key: ID,
        id: ID,
        name: 'desk',
        platform: 'linux',
        addresses: [ADDRESS, '10.1.0.1'],
        port: 4000,
        foundBy: 'discovery',
      },
    ]);
  });

  it('does not list this device itself', () => {
    expect(tableOf({}).peers(ID)).toEqual([]);
  });

  it('sorts by name, and by id where names are the same', () => {
    const names = ['Zoe', 'anna 10', 'anna 9', 'Éric', 'desk', 'desk'];
    const table = tableOf(...names.map((name, at) => ({ id: idOf(9 - at), name })));
    const listed = table.peers(null);
    expect(listed.map((peer) => peer.name)).toEqual([
      'anna 9',
      'anna 10',
      'desk',
      'desk',
      'Éric',
      'Zoe',
    ]);
    expect(listed.filter((peer) => peer.name === 'desk').map((p) => p.id)).toEqual([
      idOf(4),
      idOf(5),
    ]);
  });

  it('makes one peer of a device that is heard on several networks', () => {
    const [peer, ...others] = tableOf({}, { source: 'fe80::1%eth0' }, { source: '10.5.0.1' }).peers(
      null,
    );
    expect(others).toEqual([]);
    expect(peer?.addresses).toEqual([ADDRESS, '10.5.0.1', 'fe80::1%eth0']);
  });

  it('keeps to a handful of addresses', () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ source: `10.0.1.${at}` }));
    const [peer] = tableOf({ addresses: ['10.1.0.1'] }, ...many).peers(null);
    expect(peer?.addresses).toHaveLength(8);
    expect(peer?.addresses[0]).toBe(ADDRESS);
  });

  it('lets nobody else rename, move or remove a device', () => {
    const table = tableOf({}, { ...EVIL, name: 'not desk', port: 666 }, { ...EVIL, ttlSeconds: 0 });
    table.see(sighting({ source: '10.0.0.67', ttlSeconds: 0 }), 0);
    table.sweep(10_000);
    expect(table.peers(null)).toMatchObject([{ name: 'desk', port: 4000, addresses: [ADDRESS] }]);
  });

  it('lets the device itself change its name and port', () => {
    const table = tableOf({}, { name: 'laptop', port: 5000 });
    expect(table.peers(null)).toMatchObject([{ name: 'laptop', port: 5000 }]);
  });

  it('takes the word of another address once the first has fallen silent', () => {
    const table = tableOf({});
    table.see(sighting({ source: '10.0.0.9', name: 'moved' }), 60_000);
    table.sweep(119_999);
    expect(table.peers(null)).toMatchObject([{ name: 'desk' }]);
    table.sweep(120_000);
    expect(table.peers(null)).toMatchObject([{ name: 'moved', addresses: ['10.0.0.9'] }]);
  });

  it('forgets what is not heard again, however long it asked to be kept', () => {
    const table = tableOf({ ttlSeconds: 1e9 });
    table.see(sighting({ ttlSeconds: 1e9 }), 100_000);
    table.sweep(100_000 + MAX_TTL_SECONDS * 1000 - 1);
    expect(table.peers(null)).toHaveLength(1);
    table.sweep(100_000 + MAX_TTL_SECONDS * 1000);
    expect(table.peers(null)).toEqual([]);
  });

  it('keeps a device that says goodbye and comes back within the second', () => {
    const table = tableOf({}, { ttlSeconds: 0 });
    table.sweep(999);
    expect(table.peers(null)).toHaveLength(1);
    table.see(sighting({ name: 'renamed' }), 999);
    table.sweep(5000);
    expect(table.peers(null)).toMatchObject([{ name: 'renamed' }]);
    table.see(sighting({ ttlSeconds: 0 }), 6000);
    table.sweep(7000);
    expect(table.peers(null)).toEqual([]);
  });

  it('keeps 256 of 20,000 forged services, and who was there before', () => {
    const table = tableOf({});
    for (let at = 0; at < 20_000; at += 1) table.see(sighting({ ...EVIL, id: idOf(at) }), 0);
    expect(table.peers(null)).toHaveLength(MAX_PEERS);
    expect(table.peers(null).map((peer) => peer.id)).toContain(ID);
  });

  it('keeps every place that a device is said to be at: who announces it first hides nobody', () => {
    const table = tableOf(
      { ...EVIL, port: 666, name: 'not desk' },
      {},
      { source: '10.0.0.67', port: 7 },
    );
    expect(table.peers(null)).toMatchObject([
      {
        addresses: [EVIL.source],
        port: 666,
        elsewhere: [
          { address: ADDRESS, port: 4000 },
          { address: '10.0.0.67', port: 7 },
        ],
      },
    ]);
    for (let n = 0; n < 20; n++) table.see(sighting({ source: `10.0.2.${n}`, port: n + 1 }), 0);
    expect(table.peers(null)[0]?.elsewhere).toHaveLength(4);
  });

  it('always has room for a device that the person has confirmed, and keeps it', () => {
    const table = new PeerTable();
    table.setKnown([ID, idOf(1)]);
    table.see(sighting({ id: idOf(1), ...EVIL }), 0);
    for (let at = 2; at < 600; at += 1) {
      table.see(sighting({ source: `10.${at >> 8}.${at & 255}.1`, id: idOf(at) }), 0);
    }
    for (let at = 600; at < 1200; at += 1) table.see(sighting({ ...EVIL, id: idOf(at) }), 0);
    table.see(sighting({}), 0);
    const ids = table.peers(null).map((peer) => peer.id);
    expect(ids).toHaveLength(MAX_PEERS);
    expect(ids).toEqual(expect.arrayContaining([ID, idOf(1)]));
  });

  it('finds room for a newcomer on a list that one host has filled', () => {
    const table = new PeerTable();
    for (let at = 0; at < 1000; at += 1) table.see(sighting({ ...EVIL, id: idOf(at) }), 0);
    table.see(sighting({}), 0);
    expect(table.peers(null)).toHaveLength(MAX_PEERS);
    expect(table.peers(null).map((peer) => peer.id)).toContain(ID);
  });

  it('keeps whom it has when every newcomer comes from another address', () => {
    const table = new PeerTable();
    for (let at = 0; at < 20_000; at += 1) {
      table.see(sighting({ source: `10.${at >> 8}.${at & 255}.1`, id: idOf(at) }), 0);
    }
    const kept = new Set(table.peers(null).map((peer) => peer.id));
    expect(kept).toEqual(new Set(Array.from({ length: MAX_PEERS }, (_, at) => idOf(at))));
  });

  it('holds its bounds whatever is said, and is empty when all fall silent', () => {
    const step = fc.record({
      id: fc.integer({ min: 0, max: 400 }).map(idOf),
      source: fc.integer({ min: 0, max: 12 }).map((n) => `10.0.0.${n}`),
      ttlSeconds: fc.constantFrom(0, 1, 120, 9999),
      port: fc.integer({ min: 1, max: 3 }),
      waitMs: fc.constantFrom(0, 0, 0, 500, 5000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
        const table = new PeerTable();
        let nowMs = 0;
        for (const { waitMs, ...said } of steps) {
          nowMs += waitMs;
          table.sweep(nowMs);
          table.see(sighting(said), nowMs);
        }
        const peers = table.peers(null);
        expect(peers.length).toBeLessThanOrEqual(MAX_PEERS);
        expect(new Set(peers.map((peer) => peer.key)).size).toBe(peers.length);
        for (const { addresses } of peers) {
          expect(addresses.length).toBeGreaterThan(0);
          expect(addresses.length).toBeLessThanOrEqual(8);
        }
        table.sweep(nowMs + MAX_TTL_SECONDS * 1000);
        expect(table.peers(null)).toEqual([]);
      }),
    );
  });
});
