import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { tlsOptions } from '../../../electron/engine/transfer/authentication.ts';
import { FrameReader, encodeFrame, FRAME_TYPES } from '../../../shared/protocol/frame.ts';
import type { Entry, MessageOf } from '../../../shared/protocol/messages.ts';
import { encodeMessage } from '../../../shared/protocol/messages.ts';
import { MAX_OFFERS_HELD, MAX_OFFERS_PER_PEER } from '../../../shared/protocol/limits.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { TRANSFER_ID } from '../../support/memory-tree.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench, createIdentity } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/** Whoever else connects to the port, the engine goes on serving. */

const bench = new Bench();
let receiver: TestReceiver;
let sender: TestSender;
const sockets: Socket[] = [];
let round = 0;

beforeAll(async () => {
  [receiver, sender] = await Promise.all([bench.receiver(), bench.sender()]);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await expectServing();
});
afterAll(() => bench.remove());

async function expectServing(): Promise<void> {
  const name = `file-${round++}.txt`;
  const id = await sender.send([putFile(bench.path(name), 100)], receiver.port);
  await sender.outcome('delivered', id);
  expect(readdirSync(receiver.directory)).toContain(name);
}

async function plainSocket(): Promise<Socket> {
  const socket = connect(receiver.port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Resolves with everything that was said until the receiver hung up. */
function heardUntilClosed(socket: Socket): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}

function tlsSocket(options: ConnectionOptions): TLSSocket {
  const socket = connectTls({ host: '127.0.0.1', port: receiver.port, ...options });
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

test.each([
  ['zeros', Buffer.alloc(1000)],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
  ['a name of the bare exchange', Buffer.from('holiday.jpg')],
  ['the begin of a TLS record', Buffer.from([0x16, 3, 1, 0x3f, 0xff, 1, 0, 0, 0])],
  ['half a megabyte of noise', Buffer.alloc(500_000, 'noise')],
])('%s on the port is hung up on, or ignored', async (_what, bytes) => {
  const socket = await plainSocket();
  socket.end(bytes);
  const heard = await heardUntilClosed(socket);
  expect(heard.toString()).not.toContain('receiver');
});

test('who stops in the middle of the handshake is hung up on, and has heard nothing', async () => {
  const [silent, stopped] = [await plainSocket(), await plainSocket()];
  stopped.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]));
  const heard = await Promise.all([silent, stopped].map(heardUntilClosed));
  expect(heard.map((bytes) => bytes.length)).toEqual([0, 0]);
});

test('TLS without a certificate hears nothing', async () => {
  const { ALPNProtocols } = tlsOptions(sender.identity);
  const socket = tlsSocket({ ALPNProtocols, rejectUnauthorized: false });
  expect(await heardUntilClosed(socket)).toHaveLength(0);
});

test('TLS without our protocol in ALPN hears nothing', async () => {
  const { ALPNProtocols: _, ...options } = tlsOptions(sender.identity);
  const socket = tlsSocket(options);
  expect(await heardUntilClosed(socket)).toHaveLength(0);
});

test('TLS 1.2 hears nothing', async () => {
  const options = tlsOptions(sender.identity);
  const socket = tlsSocket({ ...options, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
  expect(await heardUntilClosed(socket)).toHaveLength(0);
});

test('another protocol in ALPN hears nothing', async () => {
  const socket = tlsSocket({ ...tlsOptions(sender.identity), ALPNProtocols: ['h2'] });
  expect(await heardUntilClosed(socket)).toHaveLength(0);
});

test('a key on another curve hears nothing', async () => {
  const socket = tlsSocket(tlsOptions(await createIdentity('P-384')));
  expect(await heardUntilClosed(socket)).toHaveLength(0);
});

test('our own key, reflected, hears nothing', async () => {
  const socket = tlsSocket(tlsOptions(receiver.identity));
  expect(await heardUntilClosed(socket)).toHaveLength(0);
});

/** What the receiver says until it hangs up, frame by frame. */
async function converse(...frames: readonly Uint8Array[]): Promise<number[]> {
  const socket = tlsSocket(tlsOptions(await createIdentity()));
  const types: number[] = [];
  const reader = new FrameReader({ onFrame: (type) => types.push(type), onData: () => undefined });
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  const closed = once(socket, 'close');
  for (const frame of frames) socket.write(frame);
  await closed;
  return types;
}

const hello = encodeMessage({
  type: 'hello',
  versions: [1],
  name: 'x',
  platform: 'linux',
  hashes: ['sha256'],
});
const entry: Entry = { kind: 'file', path: ['a'], bytes: 1 };
const offer: MessageOf<'offer'> = {
  type: 'offer',
  transferId: TRANSFER_ID,
  items: [{ name: 'a', kind: 'file' }],
  itemCount: 1,
  files: 1,
  directories: 0,
  bytes: 1,
  leftOut: 0,
};

test.each([
  ['noise instead of frames', [Buffer.alloc(2000, 0xff)]],
  ['a frame of an unknown kind', [encodeFrame(99, new Uint8Array(3))]],
  ['JSON that is none', [encodeFrame(FRAME_TYPES.hello, Buffer.from('{'))]],
  ['an offer before hello', [encodeMessage(offer)]],
  ['data before it is asked for', [hello, encodeFrame(FRAME_TYPES.data, new Uint8Array(9))]],
  [
    'entries that are not what the offer says',
    [hello, encodeMessage(offer), encodeMessage({ type: 'entries', entries: [entry, entry] })],
  ],
  [
    'a name that leaves the folder',
    [
      hello,
      encodeMessage({ ...offer, items: [{ name: '..', kind: 'folder' }] }),
      encodeMessage({ type: 'entries', entries: [{ ...entry, path: ['..', 'a'] }] }),
    ],
  ],
])('a peer that sends %s is told once and hung up on', async (_what, frames) => {
  const before = receiver.events.length;
  const types = await converse(...(frames as Uint8Array[]));
  expect(types).toEqual([FRAME_TYPES.hello, FRAME_TYPES.error]);
  expect(receiver.events).toHaveLength(before);
});

test('three hundred connections that say nothing do not keep an honest peer out', async () => {
  const silent = await Promise.all(Array.from({ length: 300 }, plainSocket));
  await expectServing();
  const open = silent.filter((socket) => !socket.destroyed && socket.readyState === 'open');
  expect(open.length).toBeLessThan(300);
});

test('offers of one peer beyond the limit are told that it is busy; of many peers the oldest is', async () => {
  receiver.accepts = false;
  const path = putFile(bench.path('offered.txt'), 1);
  const pushy = await bench.sender();
  const waiting: TransferId[] = [];
  const offer = async (from: TestSender): Promise<TransferId> => {
    const id = await from.send([path], receiver.port);
    await receiver.event('offered', id);
    waiting.push(id);
    return id;
  };
  for (let n = 0; n < MAX_OFFERS_PER_PEER; n++) await offer(pushy);
  const declined = await pushy.send([path], receiver.port);
  expect((await pushy.outcome('declined', declined)).code).toBe('PEER_BUSY');
  while (waiting.length < MAX_OFFERS_HELD) {
    const other = await bench.sender();
    for (let n = 0; n < MAX_OFFERS_PER_PEER && waiting.length < MAX_OFFERS_HELD; n++)
      await offer(other);
  }
  expect(receiver.all('ended', waiting[0]!)).toEqual([]);
  await offer(sender);
  expect((await pushy.outcome('declined', waiting[0]!)).code).toBe('PEER_BUSY');
  // an answer makes room
  await receiver.decline(waiting[1]!);
  await pushy.outcome('declined', waiting[1]!);
  await offer(pushy);
  expect(receiver.all('ended', waiting[2]!)).toEqual([]);
  for (const id of waiting) await receiver.decline(id);
  receiver.accepts = true;
});

test('another device cannot take a transfer over by its number', async () => {
  receiver.accepts = false;
  const path = putFile(bench.path('mine.txt'), 1);
  const id = await sender.send([path], receiver.port);
  await receiver.event('offered', id);
  const thief = await bench.sender();
  const other = putFile(bench.path('theirs.txt'), 2);
  await thief.send([other], receiver.port, { transferId: id });
  await thief.event('waiting', id);
  await receiver.accept(id);
  await sender.outcome('delivered', id);
  expect(thief.all('ended', id)).toEqual([]);
  await thief.cancel(id);
  await thief.outcome('cancelled', id);
  receiver.accepts = true;
});

test.each(['waits', 'goes on', 'was delivered', 'was cancelled'])(
  'whether an id is known tells nobody but its owner: one that %s is answered like a new one',
  async (state) => {
    receiver.accepts = state !== 'waits' && state !== 'was cancelled';
    const mine = putFile(bench.path(`${state}.bin`), state === 'goes on' ? 40_000_000 : 10);
    const id = await sender.send([mine], receiver.port);
    if (state === 'goes on') await receiver.event('started', id);
    else if (state === 'was delivered') await sender.outcome('delivered', id);
    else await receiver.event('offered', id);
    if (state === 'was cancelled') {
      await receiver.cancel(id);
      await sender.outcome('cancelled', id);
    }

    receiver.accepts = false;
    const stranger = await bench.sender();
    const path = putFile(bench.path(`${state}, theirs.txt`), 5);
    const asked = () =>
      receiver.events.flatMap((event) =>
        event.kind === 'offered' && event.peer.id === stranger.identity.peerId
          ? [event.transferId]
          : [],
      );
    for (const [nth, options] of [{ transferId: id }, {}].entries()) {
      const sent = await stranger.send([path], receiver.port, options);
      await expect.poll(() => asked().length).toBe(nth + 1);
      expect(stranger.all('ended', sent)).toEqual([]);
      await receiver.accept(asked()[nth]!);
      await stranger.outcome('delivered', sent);
    }
    receiver.accepts = true;
    if (state === 'waits') await receiver.accept(id);
    if (state !== 'was cancelled') await sender.outcome('delivered', id);
  },
);

test('what a peer offers twice at once under one number is one transfer', async () => {
  const path = putFile(bench.path('double.bin'), 3_000_000);
  const twin = await bench.sender({ identity: sender.identity });
  const id = await sender.send([path], receiver.port);
  await twin.send([path], receiver.port, { transferId: id });
  await Promise.all([sender.event('ended', id), twin.event('ended', id)]);
  const names = readdirSync(receiver.directory).filter((name) => name.includes('double'));
  expect(names).toEqual(['double.bin']);
});
