import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PeerFeed } from '../../../electron/engine/discovery/peer-feed.ts';
import type { Peer } from '../../../shared/model/peer.ts';
import { ID } from './fake-network.ts';

function peer(name: string): Peer {
  const hint = { key: ID, id: ID, name, platform: 'linux', port: 1, foundBy: 'discovery' } as const;
  return { ...hint, addresses: ['10.0.0.1'] };
}

let list: readonly Peer[];
let told: (readonly Peer[])[];
let feed: PeerFeed;

beforeEach(() => {
  vi.useFakeTimers();
  list = [];
  told = [];
  feed = new PeerFeed(
    () => list,
    (peers) => told.push(peers),
  );
});
afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

describe('the peer feed', () => {
  it('tells the first change at once and the last one always', () => {
    for (let at = 0; at < 100; at += 1) {
      list = [peer(`name ${at}`)];
      feed.changed();
    }
    expect(told).toEqual([[peer('name 0')]]);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([[peer('name 0')], [peer('name 99')]]);
  });

  it('tells at most five lists a second', () => {
    for (let ms = 0; ms < 10_000; ms += 10) {
      list = [peer(`name ${ms}`)];
      feed.changed();
      vi.advanceTimersByTime(10);
    }
    expect(told).toHaveLength(1 + 10 * 5);
  });

  it('is silent while nothing changes, and after its stop', () => {
    feed.changed();
    list = [peer('one')];
    vi.advanceTimersByTime(1000);
    feed.changed();
    feed.changed();
    vi.advanceTimersByTime(1000);
    feed.changed();
    expect(told).toEqual([[peer('one')]]);
    list = [];
    feed.changed();
    feed.stop();
    vi.advanceTimersByTime(1000);
    expect(told).toHaveLength(1);
  });
});
