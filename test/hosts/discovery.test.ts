import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Peer } from '../../shared/model/peer.ts';
import type { BuiltEntries } from '../support/build-entries.ts';
import { buildEntries } from '../support/build-entries.ts';
import type { Host } from '../support/hosts.ts';
import { withTwoHosts } from '../support/hosts.ts';

/**
 * If these fail, a person starts Dropline on two computers and the other one does not appear, or stays
 * on the list when it is gone.
 */

const lineSchema = z.object({
  event: z.string(),
  peers: z.array(z.custom<Peer>()).optional(),
  failure: z.object({ code: z.string() }).optional(),
});
type Line = z.infer<typeof lineSchema>;

const ANNA = { id: 'a'.repeat(64), name: 'Anna 1.0', port: 4001 };
const BEN = { id: 'b'.repeat(64), name: 'Ben', port: 4002 };

class Program {
  readonly process: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(process: ChildProcess) {
    this.process = process;
    createInterface({ input: process.stdout! }).on('line', (text) => {
      this.#lines.push(lineSchema.parse(JSON.parse(text)));
      for (const look of this.#waiting) look();
    });
  }

  #until<T>(read: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const found = read();
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  said(event: string): Promise<Line> {
    return this.#until(() => this.#lines.find((line) => line.event === event));
  }

  /** The first list after the one that ended the last wait for which this holds. */
  lists(holds: (peers: readonly Peer[]) => boolean): Promise<readonly Peer[]> {
    return this.#until(() => {
      const at = this.#lines.findIndex((line) => line.peers !== undefined && holds(line.peers));
      return at < 0 ? undefined : this.#lines.splice(0, at + 1).at(-1)?.peers;
    });
  }
}

const isEmpty = (peers: readonly Peer[]) => peers.length === 0;
const isOne = (peers: readonly Peer[]) => peers.length === 1;

describe.skipIf(process.platform !== 'linux')('two hosts on one network', () => {
  let built: BuiltEntries;
  beforeAll(async () => {
    built = await buildEntries({
      'discovery-worker': 'electron/engine/discovery/worker.ts',
      'discovery-host': 'test/hosts/discovery-host.ts',
    });
  });
  afterAll(() => built.remove());

  function start(host: Host, device: typeof ANNA, ...more: string[]): Program {
    const script = fileURLToPath(new URL('discovery-host.js', built.directory));
    const { id, name, port } = device;
    const who = [`--id=${id}`, `--name=${name}`, `--port=${port}`];
    return new Program(
      host.spawn(process.execPath, [script, ...who, ...more], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
  }

  it('find each other with no address given, and part with a goodbye', async () => {
    await withTwoHosts(async ({ a, b }) => {
      const anna = start(a, ANNA);
      await anna.said('started');
      const ben = start(b, BEN);
      const [seenByAnna, seenByBen] = await Promise.all([anna.lists(isOne), ben.lists(isOne)]);
      expect(seenByAnna[0]).toMatchObject({ id: BEN.id, name: BEN.name, port: BEN.port });
      expect(seenByBen[0]).toMatchObject({ id: ANNA.id, name: ANNA.name, port: ANNA.port });
      expect(seenByBen[0]?.addresses[0]).toBe(a.address);

      ben.process.stdin?.end();
      await ben.said('stopped');
      await anna.lists(isEmpty);
    });
  });

  it('forget one that died without a word', async () => {
    await withTwoHosts(async ({ a, b }) => {
      const anna = start(a, ANNA, '--ttl=3');
      const ben = start(b, BEN, '--ttl=3');
      await Promise.all([anna.lists(isOne), ben.lists(isOne)]);
      ben.process.kill('SIGKILL');
      await anna.lists(isEmpty);
    });
  });

  it('find each other again when the cable is back, and under a new address', async () => {
    await withTwoHosts(async ({ a, b }) => {
      const anna = start(a, ANNA, '--ttl=3');
      const ben = start(b, BEN, '--ttl=3');
      await Promise.all([anna.lists(isOne), ben.lists(isOne)]);

      await b.linkDown();
      await Promise.all([anna.lists(isEmpty), ben.lists(isEmpty)]);
      await b.linkUp();
      await Promise.all([anna.lists(isOne), ben.lists(isOne)]);

      await b.run('ip', ['address', 'delete', `${b.address}/24`, 'dev', b.interface]);
      await b.run('ip', ['address', 'add', '10.77.0.9/24', 'dev', b.interface]);
      await anna.lists((peers) => peers[0]?.addresses.includes('10.77.0.9') === true);
    });
  });

  it('pick up a network that was not there at the start', async () => {
    await withTwoHosts(async ({ a, b }) => {
      await b.linkDown();
      const anna = start(a, ANNA);
      const ben = start(b, BEN, `--interface=${b.interface}`);
      expect((await ben.said('failed')).failure?.code).toBe('ADDRESS_UNAVAILABLE');
      await b.linkUp();
      await Promise.all([anna.lists(isOne), ben.lists(isOne)]);
    });
  });

  it('keep to the interface that they were told', async () => {
    await withTwoHosts(async ({ a, b }) => {
      const hidden = start(a, ANNA, '--interface=127.0.0.1');
      const beside = start(a, { ...ANNA, id: 'c'.repeat(64) }, '--interface=lo');
      await Promise.all([hidden.lists(isOne), beside.lists(isOne)]);
      const other = start(a, { ...ANNA, id: 'd'.repeat(64) }, `--interface=${a.address}`);
      const ben = start(b, BEN);
      const [seenByBen, seenByOther] = await Promise.all([ben.lists(isOne), other.lists(isOne)]);
      expect(seenByBen[0]?.id).toBe('d'.repeat(64));
      expect(seenByOther[0]?.id).toBe(BEN.id);
    });
  });
});
