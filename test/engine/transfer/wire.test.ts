import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Identity } from '../../../electron/engine/transfer/authentication.ts';
import type { Connection } from '../../../electron/engine/transfer/connection.ts';
import { tlsOptions } from '../../../electron/engine/transfer/authentication.ts';
import { TRANSFER } from '../../../electron/engine/transfer/dialects.ts';
import type { DialOptions } from '../../../electron/engine/transfer/dial.ts';
import { Dial } from '../../../electron/engine/transfer/dial.ts';
import { FrameWriter } from '../../../electron/engine/transfer/frame-writer.ts';
import { WaitingRoom } from '../../../electron/engine/transfer/listener.ts';
import { realClock } from '../../../electron/engine/transfer/ports.ts';
import { SendStream } from '../../../electron/engine/transfer/send-stream.ts';
import { FileHashes } from '../../../electron/engine/transfer/file-hashes.ts';
import { FRAME_TYPES, FrameReader } from '../../../shared/protocol/frame.ts';
import {
  BLOCK_BYTES,
  HANDSHAKE_TIMEOUT_MS,
  MAX_UNAUTHENTICATED,
  MAX_UNAUTHENTICATED_PER_ADDRESS,
} from '../../../shared/protocol/limits.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import { decodeMessage } from '../../../shared/protocol/messages.ts';
import { placesOf } from '../../../shared/model/peer.ts';
import { HeldClock } from '../../support/held-clock.ts';
import { createIdentity } from '../../support/transfer-pair.ts';

/** The small parts that touch the wire, each by itself. */

/** A connection that takes what is written when the test says so, and looks at the bytes only then. */
class SlowConnection {
  readonly #queue: { readonly frames: Uint8Array; readonly done: (() => void) | undefined }[] = [];
  readonly taken: Buffer[] = [];
  pendingBytes = 0;

  write(frames: Uint8Array, done?: () => void): void {
    this.pendingBytes += frames.length;
    this.#queue.push({ frames, done });
  }

  /** false: there was nothing. */
  takeOne(): boolean {
    const first = this.#queue.shift();
    if (!first) return false;
    this.taken.push(Buffer.from(first.frames));
    this.pendingBytes -= first.frames.length;
    first.done?.();
    return true;
  }
}

type Written = { readonly data: number } | { readonly index: number };

/** Data frames as one number for their bytes, other frames by their index. */
function readBack(bytes: Buffer): Written[] {
  const written: Written[] = [];
  const reader = new FrameReader({
    onFrame: (type, payload) => {
      const message = decodeMessage(type, payload);
      if (message?.type === 'fileEnd') written.push({ index: message.index });
      else throw new Error('unexpected frame');
    },
    onData: (part) => {
      for (const byte of part) if (byte !== part[0]) throw new Error('bytes were mixed');
      const last = written.at(-1);
      if (last && 'data' in last && last.data % 256 === part[0]) return;
      written.push({ data: part[0]! });
    },
  });
  expect(reader.push(bytes)).toBe(true);
  expect(reader.atBoundary).toBe(true);
  return written;
}

test('frames arrive in their order and with their bytes, whenever the socket takes them', () => {
  const piece = fc.record({
    bytes: fc.oneof(fc.nat(3), fc.integer({ min: 1, max: 600_000 })),
    takes: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 60 }), (pieces) => {
      const slow = new SlowConnection();
      const writer = new FrameWriter(slow);
      const expected: Written[] = [];
      pieces.forEach(({ bytes, takes }, index) => {
        for (let left = bytes; left > 0;) {
          const target = writer.reserveData(left);
          expect(target.length).toBeGreaterThan(0);
          target.fill(index + 1);
          writer.commitData(target.length);
          left -= target.length;
        }
        if (bytes > 0) expected.push({ data: index + 1 });
        writer.message({ type: 'fileEnd', index, hash: new Uint8Array(32) });
        expected.push({ index });
        for (let n = 0; n < takes; n++) slow.takeOne();
      });
      writer.flush();
      while (slow.takeOne());
      expect(readBack(Buffer.concat(slow.taken))).toEqual(expected);
      expect(slow.pendingBytes).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test('a writer that is full says when there is room, once', () => {
  const slow = new SlowConnection();
  const writer = new FrameWriter(slow);
  while (!writer.full) writer.commitData(writer.reserveData(1_000_000).length);
  let rooms = 0;
  writer.onRoom(() => rooms++);
  while (slow.takeOne());
  expect(rooms).toBe(1);
});

const QUIET = { clock: realClock, algorithm: 'sha256', lanes: null, onSent: vi.fn() } as const;

test('proving a large file lets the heartbeats of its thread run', async () => {
  const blocks = 64;
  let turns = 0;
  const beat = setInterval(() => turns++, 0);
  const entry = { kind: 'file', path: ['a'], bytes: blocks * BLOCK_BYTES } as const;
  const stream = new SendStream({
    ...QUIET,
    writer: new FrameWriter(new SlowConnection()),
    source: {
      entries: [entry],
      open: () => ({
        read: (target) => target.length,
        check: () => '',
        stamp: '',
        close: () => undefined,
      }),
      close: () => undefined,
    },
    held: {
      have: new Map([[0, new Uint8Array(blocks * 32)]]),
      published: new Map(),
      skipped: new Map(),
    },
    hashes: new FileHashes(1),
  });
  await stream.prove();
  clearInterval(beat);
  expect(turns).toBeGreaterThan(0);
  expect(stream.keptBytes).toBe(0);
});

test('a stream that stands still sends nothing more, though its source answers only then', async () => {
  const slow = new SlowConnection();
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const reads: (() => void)[] = [];
  const stream = new SendStream({
    ...QUIET,
    writer: new FrameWriter(slow),
    source: {
      entries: [{ kind: 'file', path: ['a'], bytes: 3 }],
      open: () => ({
        read: (target) => {
          answer();
          return new Promise((resolve) => {
            reads.push(() => {
              resolve(target.length);
            });
          });
        },
        stamp: '',
        check: () => '',
        close: () => undefined,
      }),
      close: () => undefined,
    },
    held: { have: new Map(), published: new Map(), skipped: new Map() },
    hashes: new FileHashes(1),
  });
  const types = (): number[] => {
    while (slow.takeOne());
    const seen: number[] = [];
    const reader = new FrameReader({
      onFrame: (type) => seen.push(type),
      onData: () => seen.push(FRAME_TYPES.data),
    });
    reader.push(Buffer.concat(slow.taken));
    return seen;
  };
  const running = stream.run();
  await asked;
  stream.standStill(true);
  for (const read of reads) read();
  while (types().length < 2) await setImmediate();
  for (let turns = 0; turns < 20; turns++) await setImmediate();
  expect(types()).toEqual([FRAME_TYPES.file, FRAME_TYPES.data]);
  stream.standStill(false);
  await running;
  expect(types()).toEqual([FRAME_TYPES.file, FRAME_TYPES.data, FRAME_TYPES.fileEnd]);
});

/** A socket as far as the waiting room looks at one. */
class Guest {
  readonly remoteAddress: string;
  readonly remotePort: number;
  destroyed = false;
  #onClose: () => void = () => undefined;

  constructor(remoteAddress: string, remotePort: number) {
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  once(_event: string, run: () => void): void {
    this.#onClose = run;
  }

  destroy(): void {
    this.destroyed = true;
    this.#onClose();
  }
}

test('of one address the oldest that waits goes first, and a newcomer is never turned away', () => {
  const room = new WaitingRoom();
  const guests = Array.from({ length: 20 }, (_, n) => new Guest('10.0.0.1', n));
  for (const guest of guests) room.enter(guest as unknown as Socket);
  const waiting = guests.filter((guest) => !guest.destroyed);
  expect(waiting).toEqual(guests.slice(-MAX_UNAUTHENTICATED_PER_ADDRESS));
});

test('when the room is full the oldest of the busiest address goes, and others stay', () => {
  const room = new WaitingRoom();
  const busy = Array.from({ length: 8 }, (_, n) => new Guest('10.0.0.1', n));
  const single = Array.from({ length: 56 }, (_, n) => new Guest(`10.0.1.${n}`, 1));
  for (const guest of [...busy, ...single]) room.enter(guest as unknown as Socket);
  expect(busy.length + single.length).toBe(MAX_UNAUTHENTICATED);
  const newcomer = new Guest('10.0.2.1', 1);
  room.enter(newcomer as unknown as Socket);
  expect(busy.filter((guest) => guest.destroyed)).toEqual([busy[0]]);
  expect([...single, newcomer].some((guest) => guest.destroyed)).toBe(false);
});

test('who has shown who they are leaves the room, and is not dropped any more', () => {
  const room = new WaitingRoom();
  const known = new Guest('10.0.0.1', 1);
  room.enter(known as unknown as Socket);
  room.leave(new Guest('10.0.0.1', 1) as unknown as Socket);
  for (let n = 2; n < 30; n++) room.enter(new Guest('10.0.0.1', n) as unknown as Socket);
  room.close();
  expect(known.destroyed).toBe(false);
});

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
