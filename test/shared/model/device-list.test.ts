import { describe, expect, test } from 'vitest';
import { deviceList } from '../../../shared/model/device-list.ts';
import type { PairedDevice } from '../../../shared/model/pairing.ts';
import { peer, peerId } from '../../support/shown-devices.ts';

/** Which devices a person sees, and in what order. */

const names = (listed: readonly { readonly name: string }[]): string[] =>
  listed.map(({ name }) => name);

function pairedAs(name: string, seed: string): PairedDevice {
  return { id: peerId(seed), name, platform: 'linux', pairedAtMs: 0, rule: null };
}

const crowd = Array.from({ length: 9 }, (_, at) => peer(`Desk ${at}`));

test('favourites come first, and all keep the order in which they came', () => {
  const peers = [peer('Ada'), peer('Ben'), peer('Cleo'), peer('Dora')];
  const favourites = [peers[3]?.id, peers[1]?.id].filter((id) => id !== undefined && id !== null);
  const { near } = deviceList({ peers, paired: [], favourites }, '');
  expect(names(near)).toEqual(['Ben', 'Dora', 'Ada', 'Cleo']);
});

test('a paired device that is not in sight is away, one that is is not listed twice', () => {
  const here = peer('Ada', { paired: true });
  const paired = [pairedAs('Ada', here.id ?? ''), pairedAs('Zoe', 'f0')];
  const { near, away } = deviceList({ peers: [here], paired, favourites: [] }, '');
  expect([names(near), names(away)]).toEqual([['Ada'], ['Zoe']]);
});

describe('a search', () => {
  test('is offered, and counts, from the ninth device on', () => {
    const few = { peers: crowd.slice(0, 8), paired: [], favourites: [] };
    expect(deviceList(few, 'nobody')).toMatchObject({ near: few.peers, isSearched: false });
    const many = { ...few, paired: [pairedAs('Zoé', 'f0')] };
    expect(deviceList(many, 'nobody')).toEqual({ near: [], away: [], isSearched: true });
    expect(names(deviceList(many, 'zoe').away)).toEqual(['Zoé']);
  });

  test('looks for every word, in the name, the system and the address', () => {
    const wanted = peer('Küche', { platform: 'windows', addresses: ['10.0.0.77'] });
    const devices = { peers: [...crowd, wanted], paired: [], favourites: [] };
    for (const text of ['kuche', 'KÜC', '0.77', 'windows che', '  ']) {
      expect(names(deviceList(devices, text).near)).toContain('Küche');
    }
    expect(names(deviceList(devices, 'windows che').near)).toEqual(['Küche']);
    expect(deviceList(devices, 'windows desk').near).toEqual([]);
  });
});
