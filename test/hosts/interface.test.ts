import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import type { BuiltEntries } from '../support/build-entries.ts';
import { buildEntries } from '../support/build-entries.ts';
import type { Host } from '../support/hosts.ts';
import { withTwoHosts } from '../support/hosts.ts';
import { putFile } from '../support/trees.ts';

/**
 * If these fail, Dropline is seen, called or calls over a network that a person has ruled out, or stays
 * away when the one that was chosen is back.
 */

/** As they are built. */
const WORKERS = pathToFileURL(`${resolve(import.meta.dirname, '../../out/main')}/`).href;
const SECOND = 'cable1';
const NETWORK = '10.78.0';

class Program {
  readonly #process: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #latest: Snapshot | null = null;

  constructor(process: ChildProcess) {
    this.#process = process;
    createInterface({ input: process.stdout! }).on('line', (text) => {
      this.#latest = JSON.parse(text) as Snapshot;
      for (const look of [...this.#waiting]) look();
    });
  }

  /** Resolves with the first snapshot that fits, the latest included. */
  when<T>(pick: (snapshot: Snapshot) => T | null | undefined | false): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const picked = this.#latest && pick(this.#latest);
        if (picked === null || picked === undefined || picked === false) return;
        this.#waiting.delete(look);
        resolve(picked);
      };
      this.#waiting.add(look);
      look();
    });
  }

  say(order: object): void {
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  ended(name: string): Promise<Transfer> {
    return this.when(({ transfers }) =>
      transfers.find(
        ({ items, phase }) => items[0]?.name === name && ['failed', 'delivered'].includes(phase),
      ),
    );
  }
}

describe.skipIf(process.platform !== 'linux')('a host with two cables', () => {
  let built: BuiltEntries;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dropline-interface-'));
    built = await buildEntries({ 'interface-host': 'test/hosts/interface-host.ts' });
  });
  afterAll(async () => {
    await built.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(host: Host): Program {
    const script = fileURLToPath(new URL('interface-host.js', built.directory));
    const directory = join(folder, `${host.name}-inbox`);
    mkdirSync(directory, { recursive: true });
    const place = ['--home', join(folder, `${host.name}-home`), '--directory', directory];
    const more = ['--name', host.name, '--workers', WORKERS, ...place];
    return new Program(host.spawn(process.execPath, [script, ...more]));
  }

  it('uses the one that is chosen, at once, and goes on when it is back', async () => {
    await withTwoHosts(async ({ a, b }) => {
      await a.addCable(SECOND, NETWORK);
      const [one, two] = [start(a), start(b)];
      const theirs = await two.when(({ self }) => self.port);
      const addressesOfA = (snapshot: Snapshot) =>
        snapshot.peers.find(({ name }) => name === 'a')?.addresses;
      await two.when((snapshot) => (addressesOfA(snapshot)?.length ?? 0) > 1);

      one.say({ do: 'choose', interface: SECOND });
      const port = await one.when(({ self }) => self.host === `${NETWORK}.1` && self.port);
      expect(
        await one.when(({ self, interfaces }) => interfaces.length > 1 && self.addresses),
      ).toEqual(expect.arrayContaining([`${NETWORK}.1`]));
      // it says so where it is heard no more, and is there where it is
      await two.when((snapshot) => {
        const addresses = addressesOfA(snapshot)?.filter((address) => !address.includes(':'));
        return addresses?.join() === `${NETWORK}.1`;
      });

      const send = (from: Program, name: string, host: string, at: number) => {
        from.say({ do: 'send', path: putFile(join(folder, name), 20), host, port: at });
        return from.ended(name);
      };
      expect(await send(one, 'near', `${NETWORK}.2`, theirs)).toMatchObject({ phase: 'delivered' });
      expect(await two.ended('near')).toMatchObject({ peer: { address: `${NETWORK}.1` } });
      expect(await send(two, 'called', `${NETWORK}.1`, port)).toMatchObject({ phase: 'delivered' });
      expect(await send(two, 'ruled out', a.address, port)).toMatchObject({ phase: 'failed' });

      await a.run('ip', ['link', 'set', SECOND, 'down']);
      await one.when(({ self, interfaces, settings }) => {
        const chosen = interfaces.find(({ name }) => name === SECOND);
        return (
          self.port === null && chosen?.addresses.length === 0 && settings.interface === SECOND
        );
      });
      await a.run('ip', ['link', 'set', SECOND, 'up']);
      await one.when(({ self }) => self.host === `${NETWORK}.1` && self.port === port);

      one.say({ do: 'choose', interface: null });
      await one.when(({ self }) => self.host === '::' && self.port === port);
      expect(await send(two, 'anywhere', a.address, port)).toMatchObject({ phase: 'delivered' });
    });
  });
});
