import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Discovery, DiscoveryOptions } from '../../../electron/engine/discovery/discovery.ts';
import { startDiscovery } from '../../../electron/engine/discovery/discovery.ts';
import type { Announcement } from '../../../electron/engine/discovery/discovery-messages.ts';
import type { Failure } from '../../../shared/errors.ts';
import type { Peer } from '../../../shared/model/peer.ts';
import type { BuiltEntries } from '../../support/build-entries.ts';
import { buildEntries } from '../../support/build-entries.ts';
import { idOf } from './fake-network.ts';

/** Ids of one run, so that two runs on one machine do not see each other. */
const run = process.pid * 1000;
const ANNA: Announcement = {
  id: idOf(run + 1),
  name: 'Anna',
  platform: 'macos',
  port: 4001,
  isVeiled: false,
};
const BEN: Announcement = {
  id: idOf(run + 2),
  name: 'Ben',
  platform: 'linux',
  port: 4002,
  isVeiled: false,
};

class Engine {
  readonly discovery: Discovery;
  readonly failures: Failure[] = [];
  peers: readonly Peer[] = [];
  told = 0;

  constructor(announce: Announcement | null, options: Partial<DiscoveryOptions> = {}) {
    this.discovery = startDiscovery({
      workers: built.directory,
      announce,
      paired: [],
      interface: '127.0.0.1',
      onPeers: (peers) => {
        this.peers = peers;
        this.told += 1;
      },
      onFailure: (failure) => this.failures.push(failure),
      ...options,
    });
    running.push(this);
  }

  sees(id: string): Peer | undefined {
    return this.peers.find((peer) => peer.id === id);
  }
}

let built: BuiltEntries;
const running: Engine[] = [];
const WAIT = { timeout: 20_000, interval: 10 };

beforeAll(async () => {
  built = await buildEntries({
    'discovery-worker': 'electron/engine/discovery/worker.ts',
    discovery: 'electron/engine/discovery/discovery.ts',
  });
});
afterAll(() => built.remove());
afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.discovery.stop()));
});

describe('two engines on one computer', () => {
  it('find each other over loopback, and not themselves', async () => {
    const anna = new Engine(ANNA);
    const ben = new Engine(BEN);
    await vi.waitUntil(() => anna.sees(BEN.id) && ben.sees(ANNA.id), WAIT);
    expect(anna.sees(BEN.id)).toEqual({
      key: BEN.id,
      id: BEN.id,
      name: 'Ben',
      platform: 'linux',
      addresses: ['127.0.0.1'],
      port: 4002,
      foundBy: 'discovery',
    });
    expect(anna.sees(ANNA.id)).toBeUndefined();
    expect(ben.sees(BEN.id)).toBeUndefined();
  });

  it('see a new name and port, a withdrawal and a return', async () => {
    const anna = new Engine(null);
    const ben = new Engine(BEN);
    await vi.waitUntil(() => anna.sees(BEN.id), WAIT);
    ben.discovery.setAnnounce({ ...BEN, name: 'Benno', port: 4003 });
    await vi.waitUntil(() => anna.sees(BEN.id)?.name === 'Benno', WAIT);
    expect(anna.sees(BEN.id)?.port).toBe(4003);
    ben.discovery.setAnnounce(null);
    await vi.waitUntil(() => anna.sees(BEN.id) === undefined, WAIT);
    ben.discovery.setAnnounce(BEN);
    await vi.waitUntil(() => anna.sees(BEN.id)?.name === 'Ben', WAIT);
  });

  it('part when one stops', async () => {
    const anna = new Engine(ANNA);
    const ben = new Engine(BEN);
    await vi.waitUntil(() => anna.sees(BEN.id), WAIT);
    await ben.discovery.stop();
    await vi.waitUntil(() => anna.sees(BEN.id) === undefined, WAIT);
  });
});

describe('a discovery that cannot work', () => {
  it('says so and lives on', async () => {
    const engine = new Engine(ANNA, { interface: 'no-such-card' });
    await vi.waitUntil(() => engine.failures.length > 0, WAIT);
    expect(engine.failures).toEqual([
      { code: 'ADDRESS_UNAVAILABLE', details: { address: 'no-such-card' } },
    ]);
    engine.discovery.setAnnounce(null);
    await engine.discovery.stop();
    await engine.discovery.stop();
  });

  it('reports a worker that is missing', async () => {
    const engine = new Engine(ANNA, { workers: new URL('no-such-folder/', built.directory) });
    await vi.waitUntil(() => engine.failures.length > 0, WAIT);
    expect(engine.failures).toMatchObject([{ code: 'DISCOVERY_FAILED' }]);
    await engine.discovery.stop();
  });

  it('never keeps a process alive, and lets one wait for its stop', async () => {
    const program = (then: string) => `
      import { startDiscovery } from '${new URL('discovery.js', built.directory).href}';
      const discovery = startDiscovery({
        workers: new URL('${built.directory.href}'), announce: null, interface: '127.0.0.1',
        onPeers() {}, onFailure() {}, onStarted() {},
      });
      ${then}`;
    for (const then of ['', 'await discovery.stop();']) {
      const args = ['--input-type=module', '--eval', program(then)];
      const child = spawn(process.execPath, args, { stdio: 'inherit' });
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
  });

  it('tells nothing any more once it was asked to stop', async () => {
    const engine = new Engine(ANNA, { interface: 'no-such-card' });
    await engine.discovery.stop();
    expect(engine.failures).toEqual([]);
  });
});
