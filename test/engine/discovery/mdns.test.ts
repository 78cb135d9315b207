import { describe, expect, it, vi } from 'vitest';
import { PeerTable } from '../../../electron/engine/discovery/peer-table.ts';
import { MAX_MDNS_PACKETS_PER_SECOND, MAX_PEERS } from '../../../shared/protocol/limits.ts';
import {
  ANNOUNCEMENT,
  forged,
  ID,
  idOf,
  ipv4,
  LOOPBACK,
  ONE_CARD,
  withAddress,
} from './fake-network.ts';
import { NEIGHBOUR, Station, read, startStation, useStations } from './station.ts';

/** One engine's discovery, and all that a network can bring before it. */

useStations();

describe('announcing', () => {
  it('says who and where it is, in a packet that another engine understands', async () => {
    const { responses } = (await startStation()).take();
    expect(await read(...responses)).toEqual([
      {
        hint: { version: 1, id: ID, name: 'desk', platform: 'linux' },
        source: NEIGHBOUR,
        port: 4000,
        addresses: expect.any(Array) as unknown,
        ttlSeconds: 120,
      },
    ]);
  });

  it('sends each packet out on every link', async () => {
    const station = await startStation({}, (it) => {
      it.table = { ...ONE_CARD, wlan0: [ipv4('10.0.0.5')] };
    });
    const vias = station.v4.sent.map(({ via }) => via);
    expect([...new Set(vias)]).toEqual(['192.168.1.5', '10.0.0.5']);
    expect(vias.filter((via) => via === '10.0.0.5')).toHaveLength(vias.length / 2);
  });

  it('answers whoever asks, but not the same thing over and over', async () => {
    const station = await startStation();
    const { queries } = (await startStation({ announce: null })).take();
    await station.pass(1000);
    station.take();
    for (let at = 0; at < 40; at += 1) station.v4.hear(queries[0]!, NEIGHBOUR);
    await station.pass(0);
    const { responses } = station.take();
    expect(responses).toHaveLength(1);
    expect(await read(...responses)).toMatchObject([{ port: 4000, hint: { name: 'desk' } }]);
    await station.pass(500);
    station.v4.hear(queries[0]!, NEIGHBOUR);
    await station.pass(0);
    expect(station.take().responses).toHaveLength(1);
  });

  it('is silent when there is nothing to announce', async () => {
    const station = await startStation({ announce: null });
    await station.pass(60_000);
    expect(station.take().responses).toEqual([]);
  });

  it('says a new name and port at once, and the old ones never again', async () => {
    const station = await startStation();
    await station.pass(10);
    station.take();
    station.mdns.setAnnounce({ ...ANNOUNCEMENT, name: 'laptop', port: 5000 });
    await station.pass(0);
    await station.pass(60_000);
    const said = (await read(...station.take().responses)).filter(
      ({ ttlSeconds }) => ttlSeconds > 0,
    );
    expect(said.length).toBeGreaterThan(1);
    expect(new Set(said.map(({ hint, port }) => `${hint.name} ${port}`))).toEqual(
      new Set(['laptop 5000']),
    );
  });

  it('says the old name again when it was changed back at once', async () => {
    const station = await startStation();
    await station.pass(100);
    station.mdns.setAnnounce({ ...ANNOUNCEMENT, name: 'laptop' });
    station.mdns.setAnnounce(ANNOUNCEMENT);
    await station.pass(0);
    const last = (await read(...station.take().responses)).at(-1);
    expect(last).toMatchObject({ hint: { name: 'desk' }, ttlSeconds: 120 });
  });

  it('never says again what was changed before it was out', async () => {
    const station = new Station();
    station.mdns.setAnnounce({ ...ANNOUNCEMENT, name: 'laptop' });
    await station.pass(1000);
    station.take();
    await station.pass(60_000);
    const names = (await read(...station.take().responses)).map(({ hint }) => hint.name);
    expect(new Set(names)).toEqual(new Set(['laptop']));
  });

  it('is over when it is stopped, at whatever point of its start', async () => {
    for (const turns of [0, 1, 2, 5, 10, 20, 50]) {
      const station = new Station();
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      const stopped = station.mdns.stop();
      await station.pass(1_000);
      await stopped;
      station.take();
      await station.pass(300_000);
      expect(station.take()).toEqual({ queries: [], responses: [] });
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says goodbye before it closes', async () => {
    const station = await startStation();
    station.take();
    const stopped = station.mdns.stop();
    await vi.advanceTimersByTimeAsync(0);
    await stopped;
    expect(station.v4.isOpen).toBe(false);
    expect(await read(...station.take().responses)).toMatchObject([{ ttlSeconds: 0 }]);
  });
});

describe('asking', () => {
  it('asks soon again at first and seldom later', async () => {
    const station = await startStation({ announce: null });
    const asked: number[] = [];
    for (let second = 0; second <= 80; second += 1) {
      if (station.take().queries.length > 0) asked.push(second);
      await station.pass(1000);
    }
    expect(asked).toEqual([0, 1, 4, 14, 44, 74]);
  });

  it('does not hear what comes from another network', async () => {
    const { responses } = (await startStation()).take();
    const station = await startStation({ announce: null });
    for (const source of ['192.168.2.9', '8.8.8.8', '127.0.0.1'])
      station.v4.hear(responses[0]!, source);
    expect(station.heard).toEqual([]);
    station.v4.hear(responses[0]!, NEIGHBOUR);
    expect(station.heard).toHaveLength(1);
  });
});

describe('whose packets arrive', () => {
  it('is counted by computer, whatever they say, and its own apart', async () => {
    const station = await startStation();
    const printer = Buffer.from('no packet of ours at all');
    for (const source of [NEIGHBOUR, NEIGHBOUR, '192.168.1.10']) station.v4.hear(printer, source);
    for (const source of ['192.168.1.5', '8.8.8.8']) station.v4.hear(printer, source);
    expect(station.mdns.heard).toEqual({ own: 1, others: 2 });
  });

  it('is not counted beyond what a list may cost', async () => {
    const station = await startStation();
    for (let n = 0; n < 1000; n++) {
      station.v4.hear(Buffer.from('x'), `169.254.${n >> 8}.${n & 255}`);
    }
    expect(station.mdns.heard.others).toBe(256);
  });
});

describe('a hostile network', () => {
  it('cannot send us to ourselves or out into the world', async () => {
    const template = (await startStation()).take().responses[0]!;
    const station = await startStation({ announce: null });
    for (const address of ['127.0.0.1', '192.168.1.5', '8.8.8.8', '224.0.0.251', '10.1.2.3']) {
      station.v4.hear(withAddress(template, address), NEIGHBOUR);
    }
    const said = new Set(station.heard.flatMap(({ addresses }) => addresses));
    expect(station.heard).toHaveLength(5);
    for (const address of ['127.0.0.1', '192.168.1.5', '8.8.8.8', '224.0.0.251']) {
      expect(said).not.toContain(address);
    }
    expect(said).toContain('10.1.2.3');
  });

  it('decodes no more of a flood than the cap, and not all of it from one host', async () => {
    const template = (await startStation()).take().responses[0]!;
    const station = await startStation({ announce: null });
    for (let at = 0; at < 20_000; at += 1) station.v4.hear(forged(template, idOf(at)), NEIGHBOUR);
    expect(station.heard).toHaveLength(MAX_MDNS_PACKETS_PER_SECOND / 4);
    for (let at = 0; at < 20_000; at += 1) {
      station.v4.hear(forged(template, idOf(at)), `192.168.1.${at % 200}`);
    }
    expect(station.heard).toHaveLength(MAX_MDNS_PACKETS_PER_SECOND);
    expect(station.mdns.dropped).toBe(40_000 - MAX_MDNS_PACKETS_PER_SECOND);
  });

  it('keeps 256 of 20,000 forged services that come slowly enough', async () => {
    const template = (await startStation()).take().responses[0]!;
    const table = new PeerTable();
    let count = 0;
    const station = await startStation({
      announce: null,
      onSightings: (sightings) => {
        count += sightings.length;
        for (const sighting of sightings) table.see(sighting, station.nowMs);
      },
    });
    for (let at = 0; at < 20_000; at += 1) {
      if (at % MAX_MDNS_PACKETS_PER_SECOND === 0) station.nowMs += 1000;
      station.v4.hear(forged(template, idOf(at)), `192.168.1.${10 + (at % 4)}`);
    }
    expect(count).toBe(20_000);
    expect(table.peers(null)).toHaveLength(MAX_PEERS);
  });

  it('lives through packets that are cut or torn', async () => {
    const template = (await startStation()).take().responses[0]!;
    const station = await startStation();
    for (let at = 12; at < template.length; at += 1) {
      const torn = Buffer.from(template);
      torn[at] = 0xc0;
      station.nowMs += 100;
      station.v4.hear(torn, NEIGHBOUR);
      station.v4.hear(template.subarray(0, at), NEIGHBOUR);
    }
    station.v4.hear(template, '192.168.1.10');
    expect(station.heard.at(-1)).toMatchObject({ source: '192.168.1.10', port: 4000 });
  });
});

describe('a network that fails', () => {
  it('lives with every send failing', async () => {
    const station = await startStation({}, (it) => {
      it.v4.sendError = new Error('ENETUNREACH');
    });
    await station.pass(60_000);
    expect(station.troubles).toContain('eth0: ENETUNREACH');
    expect(station.failures).toEqual([]);
  });

  it('says that it failed once, tries on, and says when it works', async () => {
    const busy = new Error('bind EADDRINUSE');
    const station = await startStation({}, (it) => {
      it.v4.bindError = it.v6.bindError = busy;
    });
    await station.pass(10_000);
    expect(station.failures).toEqual([
      { code: 'DISCOVERY_FAILED', details: { reason: 'bind EADDRINUSE' } },
    ]);
    expect(station.started).toBe(0);
    station.v4.bindError = null;
    await station.pass(10_000);
    expect(station.started).toBe(1);
    expect(station.failures).toHaveLength(1);
    expect(station.take().responses).not.toEqual([]);
  });

  it('waits for an interface that is not there yet', async () => {
    const station = await startStation({ interface: 'wlan0' });
    await station.pass(10_000);
    expect(station.failures).toEqual([
      { code: 'ADDRESS_UNAVAILABLE', details: { address: 'wlan0' } },
    ]);
    station.table = { ...ONE_CARD, wlan0: [ipv4('10.0.0.5')] };
    await station.pass(10_000);
    expect(station.started).toBe(1);
    expect([...station.v4.joined]).toEqual(['10.0.0.5']);
  });

  it('moves to the network that is there, and asks and announces on it at once', async () => {
    const station = await startStation({}, (it) => {
      it.table = LOOPBACK;
    });
    await station.pass(1000);
    station.take();
    station.table = ONE_CARD;
    await station.pass(2000);
    expect([...station.v4.joined]).toEqual(['192.168.1.5']);
    expect(station.v4.sent.every(({ via }) => via === '192.168.1.5')).toBe(true);
    const { queries, responses } = station.take();
    expect(queries).not.toEqual([]);
    expect((await read(...responses)).some(({ ttlSeconds }) => ttlSeconds > 0)).toBe(true);
  });
});
