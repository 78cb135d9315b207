import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Identity } from '../../../electron/engine/transfer/authentication.ts';
import { tlsOptions } from '../../../electron/engine/transfer/authentication.ts';
import type { Connection } from '../../../electron/engine/transfer/connection.ts';
import { TRANSFER } from '../../../electron/engine/transfer/dialects.ts';
import type { DialOptions } from '../../../electron/engine/transfer/dial.ts';
import { Dial } from '../../../electron/engine/transfer/dial.ts';
import { realClock } from '../../../electron/engine/transfer/ports.ts';
import { HANDSHAKE_TIMEOUT_MS } from '../../../shared/protocol/limits.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import { placesOf } from '../../../shared/model/peer.ts';
import { HeldClock } from '../../support/held-clock.ts';
import { createIdentity } from '../../support/transfer-pair.ts';

/** Dialling by itself: who answers, who does not, and what is told of it. */

let mine: Identity;
let theirs: Identity;
const servers: Server[] = [];
const opened: Socket[] = [];

beforeAll(async () => {
  [mine, theirs] = await Promise.all([createIdentity(), createIdentity()]);
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, 'close');
  }
});

async function listening(server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    opened.push(socket);
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function tlsPort(identity = theirs, options = {}): Promise<number> {
  return listening(createTlsServer({ ...tlsOptions(identity), ...options }));
}

interface DialTo extends Partial<DialOptions<Message>> {
  readonly hosts?: readonly string[];
}

function dialOf(port: number, { hosts = ['127.0.0.1'], ...options }: DialTo = {}): Dial<Message> {
  return new Dial({
    dialect: TRANSFER,
    identity: mine,
    clock: realClock,
    places: hosts.map((address) => ({ address, port })),
    expectedPeerId: null,
    signal: AbortSignal.any([]),
    ...options,
  });
}

async function dialing(...dialled: Parameters<typeof dialOf>): Promise<Connection> {
  return (await dialOf(...dialled).answered).connection;
}

test('a dial connects to whom it expects, and knows who it is', async () => {
  const port = await tlsPort();
  const connection = await dialing(port, { expectedPeerId: theirs.peerId });
  expect(connection.peerId).toBe(theirs.peerId);
  connection.destroy();
});

test('a dial takes the address that answers, whichever it is', async () => {
  const port = await tlsPort();
  const connection = await dialing(port, { hosts: ['127.0.0.2', '127.0.0.3', '127.0.0.1'] });
  expect(connection.address).toBe('127.0.0.1');
  connection.destroy();
});

test('whoever announces an id first hides nobody: where others say it is is tried too', async () => {
  const impostor = await tlsPort(await createIdentity());
  const port = await tlsPort();
  const expectedPeerId = theirs.peerId;
  const peer = {
    key: expectedPeerId,
    id: expectedPeerId,
    name: 'Ben',
    platform: 'linux',
    addresses: ['127.0.0.1'],
    port: impostor,
    elsewhere: [{ address: '127.0.0.1', port }],
    foundBy: 'discovery',
  } as const;
  const connection = await dialing(impostor, { expectedPeerId, places: placesOf(peer) });
  expect(connection.peerId).toBe(theirs.peerId);
  connection.destroy();
  // whoever answers is whoever was meant where nobody in particular was
  expect(placesOf({ ...peer, id: null })).toEqual([{ address: '127.0.0.1', port: impostor }]);
});

test('the most telling of several failures is told', async () => {
  const port = await tlsPort();
  const expectedPeerId = mine.peerId;
  const failed = dialing(port, { hosts: ['127.0.0.9', '127.0.0.1'], expectedPeerId });
  await expect(failed).rejects.toMatchObject({
    code: 'IDENTITY_MISMATCH',
    details: { expected: mine.peerId, found: theirs.peerId },
  });
});

test('nobody there, ourselves there, another protocol there: each has its code', async () => {
  const gone = await tlsPort();
  const server = servers.pop()!;
  server.close();
  await once(server, 'close');
  await expect(dialing(gone)).rejects.toMatchObject({ code: 'PEER_UNREACHABLE' });
  const self = await tlsPort(mine);
  await expect(dialing(self)).rejects.toMatchObject({ code: 'PEER_IS_SELF' });
  const https = await tlsPort(theirs, { ALPNProtocols: ['h2'] });
  await expect(dialing(https)).rejects.toMatchObject({ code: 'VERSION_UNSUPPORTED' });
  const noAlpn = await tlsPort(theirs, { ALPNProtocols: undefined });
  await expect(dialing(noAlpn)).rejects.toMatchObject({ code: 'NOT_DROPLINE' });
  const http = await listening(createServer((socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n')));
  await expect(dialing(http)).rejects.toMatchObject({ code: 'NOT_DROPLINE' });
  const closing = await listening(createServer((socket) => socket.destroy()));
  await expect(dialing(closing)).rejects.toMatchObject({ code: 'NOT_DROPLINE' });
  const other = await tlsPort(await createIdentity('P-384'));
  await expect(dialing(other)).rejects.toMatchObject({ code: 'NOT_DROPLINE' });
});

test('whoever says nothing is given up after the handshake time', async () => {
  const clock = new HeldClock(HANDSHAKE_TIMEOUT_MS);
  const silent = createServer();
  const port = await listening(silent);
  const greeted = new Promise<void>((resolve) => {
    silent.on('connection', (socket) => socket.once('data', () => resolve()));
  });
  const failed = expect(dialing(port, { clock })).rejects.toMatchObject({ code: 'NOT_DROPLINE' });
  await greeted;
  clock.ring(HANDSHAKE_TIMEOUT_MS);
  await failed;
});

test('a dial that is given up ends at once, before it begins and in the middle', async () => {
  const [silent, abort] = [createServer(), new AbortController()];
  const port = await listening(silent);
  const to = { signal: abort.signal, hosts: ['127.0.0.1', '127.0.0.4'] };
  const failed = expect(dialing(port, to)).rejects.toThrow('stop');
  await once(silent, 'connection');
  abort.abort(new Error('stop'));
  await failed;
  await expect(dialing(port, { signal: abort.signal })).rejects.toThrow('stop');
});

test('a name that cannot be one is not found', async () => {
  await expect(dialing(1, { hosts: ['a..b'] })).rejects.toThrow('PEER_NOT_FOUND');
});
