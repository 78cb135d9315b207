import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Identity } from '../../../electron/engine/transfer/authentication.ts';
import type { Connection } from '../../../electron/engine/transfer/connection.ts';
import { tlsOptions } from '../../../electron/engine/transfer/authentication.ts';
import { Dial } from '../../../electron/engine/transfer/dial.ts';
import { PAIRING } from '../../../electron/engine/transfer/dialects.ts';
import { Door } from '../../../electron/engine/transfer/door.ts';
import type { Listening } from '../../../electron/engine/transfer/listener.ts';
import { listenTls } from '../../../electron/engine/transfer/listener.ts';
import { PairingHost } from '../../../electron/engine/transfer/pairing-host.ts';
import type { PairingEvent } from '../../../electron/engine/transfer/pairing-messages.ts';
import { newPairingId } from '../../../electron/engine/transfer/pairing-ports.ts';
import { realClock } from '../../../electron/engine/transfer/ports.ts';
import {
  ANSWER_TIMEOUT_MS,
  EXPORTED_BYTES,
  FIRST_FRAME_TIMEOUT_MS,
  MAX_PAIRINGS_WAITING,
  PAIRING_ALPN_PROTOCOLS,
} from '../../../shared/protocol/limits.ts';
import { EXPORTER_LABEL } from '../../../shared/protocol/pairing-code.ts';
import type { PairingMessage } from '../../../shared/protocol/pairing-messages.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { createIdentity } from '../../support/transfer-pair.ts';

/** The wires of a pairing: real sockets, and a clock that the test turns. */

type EventOf<K extends PairingEvent['kind']> = Extract<PairingEvent, { kind: K }>;

class Device {
  readonly identity: Identity;
  readonly clock = new HandClock();
  readonly events: PairingEvent[] = [];
  readonly host: PairingHost;
  readonly #waiting = new Set<() => void>();
  admits = true;

  constructor(identity: Identity) {
    this.identity = identity;
    this.host = new PairingHost({
      clock: this.clock,
      self: () => ({ identity, name: 'a device', platform: 'linux' }),
      emit: (event) => {
        this.events.push(event);
        if (event.kind === 'asked' && this.admits) {
          this.host.order({ kind: 'admit', pairingId: event.pairingId });
        }
        for (const look of [...this.#waiting]) look();
      },
    });
  }

  event<K extends PairingEvent['kind']>(kind: K): Promise<EventOf<K>> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.events.find((event) => event.kind === kind);
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found as EventOf<K>);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Why it ended without a pairing. */
  async failure(): Promise<string> {
    const { outcome } = await this.event('ended');
    return outcome.kind === 'failed' ? outcome.failure.code : outcome.kind;
  }
}

let anna: Device;
let ben: Device;
let port: Listening;

beforeEach(async () => {
  [anna, ben] = [new Device(await createIdentity()), new Device(await createIdentity())];
  const listen = { mode: 'tls', host: '127.0.0.1', port: 0, otherPortIfTaken: false } as const;
  const system = { clock: realClock, door: new Door() };
  port = await listenTls(listen, ben.identity, system, {
    onTransfer: (connection) => connection.destroy(),
    onPairing: (connection) => ben.host.take(connection),
  });
});
afterEach(async () => {
  await Promise.all([port.stop(), anna.host.stop(), ben.host.stop()]);
});

function annaDials(expectedPeerId = ben.identity.peerId): void {
  const where = { places: [{ address: '127.0.0.1', port: port.port }], expectedPeerId };
  anna.host.order({ kind: 'dial', pairingId: newPairingId(), ...where });
}

/** Somebody with a key, who says what the test says. */
async function stranger(): Promise<{ wire: Connection<PairingMessage>; heard: PairingMessage[] }> {
  const dial = new Dial({
    dialect: PAIRING,
    identity: await createIdentity(),
    clock: realClock,
    places: [{ address: '127.0.0.1', port: port.port }],
    expectedPeerId: null,
    signal: new AbortController().signal,
  });
  const { connection: wire } = await dial.answered;
  const heard: PairingMessage[] = [];
  wire.open({
    onMessage: (message) => heard.push(message),
    onData: () => undefined,
    onClosed: () => undefined,
  });
  return { wire, heard };
}

test('both sides show one code, and each knows the other by its key', async () => {
  annaDials();
  const [here, there] = await Promise.all([anna.event('code'), ben.event('code')]);
  expect(there.code).toBe(here.code);
  expect([here.peerId, there.peerId]).toEqual([ben.identity.peerId, anna.identity.peerId]);
  for (const [device, { pairingId }] of [[anna, here] as const, [ben, there] as const]) {
    expect(device.events.filter(({ kind }) => kind === 'drawn')).toHaveLength(1);
    device.host.order({ kind: 'answer', pairingId, answer: 'match' });
  }
  const ended = await Promise.all([anna.event('ended'), ben.event('ended')]);
  expect(ended.map(({ outcome }) => outcome)).toEqual([{ kind: 'paired' }, { kind: 'paired' }]);
});

test('a code hangs on keying material of its own connection, as long as it is to be', async () => {
  const wires = [(await stranger()).wire, (await stranger()).wire];
  const [first, second] = wires.map((wire) => wire.exported(EXPORTER_LABEL));
  expect(first).toHaveLength(EXPORTED_BYTES);
  expect(second).toHaveLength(EXPORTED_BYTES);
  expect(first).not.toEqual(second);
  for (const wire of wires) wire.destroy();
});

test('nobody else than the one who was wanted', async () => {
  annaDials(anna.identity.peerId.replace(/^./, (d) => (d === '0' ? '1' : '0')) as never);
  expect(await anna.failure()).toBe('IDENTITY_MISMATCH');
});

test('a listener that never says anything is not waited for', async () => {
  ben.admits = false;
  annaDials();
  await ben.event('asked');
  // dialled, and the timer is set: it rings at its time and not before
  while (anna.clock.pending < 2) await new Promise(setImmediate);
  anna.clock.turn(FIRST_FRAME_TIMEOUT_MS - 1);
  expect(anna.events.some(({ kind }) => kind === 'ended')).toBe(false);
  anna.clock.turn(1);
  expect(await anna.failure()).toBe('PEER_TIMEOUT');
});

test('one that dials and says nothing is let go', async () => {
  const { heard } = await stranger();
  await ben.event('asked');
  ben.clock.turn(FIRST_FRAME_TIMEOUT_MS);
  expect(await ben.failure()).toBe('PEER_TIMEOUT');
  while (heard.length < 2) await new Promise(setImmediate);
  expect(heard).toMatchObject([{ type: 'greeting' }, { type: 'error', code: 'PEER_TIMEOUT' }]);
});

test('people have their time, and not more', async () => {
  annaDials();
  await Promise.all([anna.event('code'), ben.event('code')]);
  ben.clock.turn(ANSWER_TIMEOUT_MS - 1);
  expect(ben.events.some(({ kind }) => kind === 'ended')).toBe(false);
  ben.clock.turn(1);
  expect(await ben.failure()).toBe('PEER_TIMEOUT');
  expect(await anna.failure()).toBe('PEER_TIMEOUT');
});

test('of many that wait to be let in, those beyond the limit are told to come later', async () => {
  ben.admits = false;
  const waiting = [];
  for (let n = 0; n < MAX_PAIRINGS_WAITING; n++) waiting.push(await stranger());
  while (ben.events.length < MAX_PAIRINGS_WAITING) await new Promise(setImmediate);
  const { heard, wire } = await stranger();
  await wire.gone;
  expect(heard).toEqual([{ type: 'error', code: 'PEER_BUSY' }]);
  expect(ben.events).toHaveLength(MAX_PAIRINGS_WAITING);
  expect(waiting.every((one) => one.heard.length === 0)).toBe(true);
  for (const one of waiting) one.wire.destroy();
});

test.each([
  ['frames of a session', Buffer.from([0, 0, 0, 4, 9, 1, 2, 3])],
  ['a nonce that is too short', Buffer.from([0, 0, 0, 3, 33, 1, 2])],
  ['a yes before the code', Buffer.from([0, 0, 0, 1, 36])],
  ['noise', Buffer.alloc(300, 0xff)],
])('%s end it', async (_what, bytes) => {
  const { wire, heard } = await stranger();
  await ben.event('asked');
  wire.write(bytes);
  expect(await ben.failure()).toBe('PROTOCOL_VIOLATION');
  await wire.gone;
  expect(heard.at(-1)).toEqual({ type: 'error', code: 'PROTOCOL_VIOLATION' });
});

test('without a certificate nothing is said', async () => {
  const alpn = [...PAIRING_ALPN_PROTOCOLS];
  const open = { ALPNProtocols: alpn, rejectUnauthorized: false };
  for (const options of [open, tlsOptions(ben.identity, alpn)]) {
    const socket = connect({ host: '127.0.0.1', port: port.port, ...options });
    const heard: Buffer[] = [];
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => heard.push(chunk));
    await once(socket, 'close');
    expect(heard).toEqual([]);
  }
  expect(ben.events).toEqual([]);
});
