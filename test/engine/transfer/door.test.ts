import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, expect, test } from 'vitest';
import { CountReporter } from '../../../electron/engine/transfer/count-reporter.ts';
import { tlsOptions } from '../../../electron/engine/transfer/authentication.ts';
import { Door } from '../../../electron/engine/transfer/door.ts';
import { JournalShelf } from '../../../electron/engine/transfer/journal-shelf.ts';
import { listenTls } from '../../../electron/engine/transfer/listener.ts';
import { listenPlain } from '../../../electron/engine/transfer/plain-receive.ts';
import { realClock, realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { ReceiveHost } from '../../../electron/engine/transfer/receive-host.ts';
import type { TransferEvent } from '../../../electron/engine/transfer/worker-messages.ts';
import type { ReachableFrom } from '../../../shared/model/settings.ts';
import { Bench, createIdentity } from '../../support/transfer-pair.ts';
import { ipv4, LOOPBACK } from '../discovery/fake-network.ts';

/** Who calls from elsewhere is hung up on before anything is said, whichever way the port speaks. */

const bench = new Bench();
const stops: (() => Promise<void>)[] = [];
/** What the door at the port says. Everything here calls from loopback. */
const door = { admits: (): boolean => isOpen };
let isOpen = false;

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});
afterAll(() => bench.remove());

const listen = { host: '127.0.0.1', port: 0, otherPortIfTaken: false } as const;

const from = (remoteAddress: string): Pick<Socket, 'remoteAddress'> => ({ remoteAddress });

test('the door opens to near addresses, and to all where the person wants it', () => {
  const table = { ...LOOPBACK, eth0: [ipv4('203.0.113.20', 28)] };
  const real = new Door(() => table);
  const near = ['::ffff:192.168.1.9', '127.0.0.1', 'fe80::1', '::ffff:203.0.113.17'];
  const far = ['::ffff:203.0.113.99', '2001:db8::1', '8.8.8.8', ''];
  const admitted = () => [...near, ...far].filter((address) => real.admits(from(address)));
  expect(admitted()).toEqual(near);
  real.set('anywhere');
  expect(admitted()).toEqual([...near, ...far]);
  real.set('local');
  expect(admitted()).toEqual(near);
});

test('the port starts with what is wanted then, and takes a change at once', async () => {
  const wanted: ReachableFrom[] = [];
  const host = new ReceiveHost(realFileSystem, realClock, () => undefined, {
    admits: () => true,
    set: (from) => wanted.push(from),
  });
  stops.push(() => host.handle({ kind: 'stop' }));
  const { home } = await bench.receiver();
  const self = { identity: await createIdentity(), name: 'Ben', platform: 'linux' } as const;
  const callers = { visibleTo: null, blocked: [], from: 'anywhere' } as const;
  const where = { mode: 'tls', ...listen } as const;
  await host.handle({ kind: 'start', self, listen: where, home, callers });
  expect(wanted).toEqual(['anywhere']);
  await host.handle({ kind: 'reachableFrom', from: 'local' });
  expect(wanted).toEqual(['anywhere', 'local']);
});

/** Everything that came until the other side hung up. */
async function heard(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

test('a refused caller hears no handshake of the secure exchange; the next one that may is met', async () => {
  const [own, theirs] = [await createIdentity(), await createIdentity()];
  let calls = 0;
  let onCall: () => void = () => undefined;
  const called = new Promise<void>((resolve) => {
    onCall = resolve;
  });
  const take = (connection: { destroy(): void }): void => {
    calls++;
    connection.destroy();
    onCall();
  };
  const callers = { onTransfer: take, onPairing: take };
  const where = { mode: 'tls', ...listen } as const;
  const listening = await listenTls(where, own, { clock: realClock, door }, callers);
  stops.push(() => listening.stop());
  const { port } = listening;

  isOpen = false;
  const wire = connect(port, '127.0.0.1');
  const all = heard(wire);
  const tls = connectTls({ socket: wire, ...tlsOptions(theirs) });
  tls.on('error', () => undefined);
  expect(await all).toBe('');
  expect(calls).toBe(0);

  isOpen = true;
  connectTls({ host: '127.0.0.1', port, ...tlsOptions(theirs) }).on('error', () => undefined);
  await called;
  expect(calls).toBe(1);
});

test('a refused caller of the bare exchange offers nothing; the next one that may does', async () => {
  const { home } = await bench.receiver();
  const names: string[] = [];
  let onOffer: () => void = () => undefined;
  const offered = new Promise<void>((resolve) => {
    onOffer = resolve;
  });
  const reporter = new CountReporter(realClock, (event: TransferEvent) => {
    if (event.kind !== 'offered') return;
    names.push(...event.items.map(({ name }) => name));
    onOffer();
  });
  const shelf = new JournalShelf(realFileSystem, home);
  const system = { fs: realFileSystem, clock: realClock, reporter, shelf, door };
  const receiver = await listenPlain({ mode: 'plain', ...listen }, system);
  stops.push(() => receiver.stop());
  const { port } = await receiver.bound();

  isOpen = false;
  const refused = connect(port, '127.0.0.1');
  refused.write('refused.txt');
  expect(await heard(refused)).toBe('');

  isOpen = true;
  const welcome = connect(port, '127.0.0.1');
  welcome.write('welcome.txt');
  await offered;
  expect(names).toEqual(['welcome.txt']);
  welcome.destroy();
});
