import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Identity } from '../../../electron/engine/transfer/authentication.ts';
import type { Connection } from '../../../electron/engine/transfer/connection.ts';
import { tlsOptions } from '../../../electron/engine/transfer/authentication.ts';
import { dialLaneTo } from '../../../electron/engine/transfer/dial-lane.ts';
import type { LanePort } from '../../../electron/engine/transfer/lane-port.ts';
import { openLanePort } from '../../../electron/engine/transfer/lane-port.ts';
import { FRAME_STEPS_PER_TURN } from '../../../electron/engine/transfer/turn-reader.ts';
import { FRAME_TYPES, encodeFrame } from '../../../shared/protocol/frame.ts';
import type { LaneMessage } from '../../../shared/protocol/lane-messages.ts';
import { encodeLane } from '../../../shared/protocol/lane-messages.ts';
import {
  DATA_FRAME_BYTES,
  FIRST_FRAME_TIMEOUT_MS,
  LANE_ALPN_PROTOCOLS,
  LANE_TOKEN_MS,
  MAX_LANES_WAITING,
  MIN_LANE_PORT,
} from '../../../shared/protocol/limits.ts';
import { HeldClock } from '../../support/held-clock.ts';
import { createIdentity } from '../../support/transfer-pair.ts';

/** If these fail, somebody who was not asked to come gets content, or keeps a sender busy. */

let sender: Identity;
let receiver: Identity;
let clock: HeldClock;
let port: LanePort;
let joined: Connection<LaneMessage>[];
let expired: number;
const HERE = '127.0.0.1';

beforeAll(async () => {
  [sender, receiver] = await Promise.all([createIdentity(), createIdentity()]);
});

afterEach(async () => {
  for (const lane of joined) lane.destroy();
  await port.stop();
});

async function openPort(address = HERE): Promise<void> {
  clock = new HeldClock(LANE_TOKEN_MS, FIRST_FRAME_TIMEOUT_MS);
  joined = [];
  expired = 0;
  const session = { peerId: receiver.peerId, address, localAddress: HERE };
  port = await openLanePort(
    { identity: sender, clock, session },
    { onJoined: (lane) => joined.push(lane), onExpired: () => expired++ },
  );
}

/** A connection, and what it has heard when it is closed. */
class Caller {
  readonly socket: TLSSocket;
  readonly closed: Promise<unknown>;
  heardBytes = 0;

  constructor(identity = receiver) {
    const options = tlsOptions(identity, LANE_ALPN_PROTOCOLS);
    this.socket = connect({ ...options, host: HERE, port: port.port });
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk: Buffer) => (this.heardBytes += chunk.length));
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  static async here(identity = receiver): Promise<Caller> {
    const caller = new Caller(identity);
    await once(caller.socket, 'secureConnect');
    return caller;
  }

  join(token: string): void {
    this.socket.write(encodeLane({ type: 'join', token }));
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

test('a token lets one lane in, and no second', async () => {
  await openPort();
  expect(port.port).toBeGreaterThanOrEqual(MIN_LANE_PORT);
  const token = port.offer();
  const first = await Caller.here();
  first.join(token);
  await until(() => joined.length === 1);
  const second = await Caller.here();
  second.join(token);
  await second.closed;
  expect(second.heardBytes).toBe(0);
  expect(joined).toHaveLength(1);
  expect(first.socket.destroyed).toBe(false);
  first.socket.destroy();
});

test('whoever has no token is closed at once, and hears nothing', async () => {
  await openPort();
  port.offer();
  const words = [
    encodeLane({ type: 'join', token: 'ab'.repeat(16) }),
    encodeLane({ type: 'ping' }),
    encodeLane({ type: 'ack', bytes: 0, holdUp: null }),
    encodeFrame(FRAME_TYPES.data, new Uint8Array(9)),
    encodeFrame(FRAME_TYPES.hello, new Uint8Array(9)),
    new Uint8Array(9).fill(255),
  ];
  for (const word of words) {
    const caller = await Caller.here();
    caller.socket.write(word);
    await caller.closed;
    expect(caller.heardBytes).toBe(0);
  }
  expect(joined).toEqual([]);
});

test('another device is closed, whatever it has', async () => {
  await openPort();
  const caller = await Caller.here(await createIdentity());
  caller.join(port.offer());
  await caller.closed;
  expect(caller.heardBytes).toBe(0);
  expect(joined).toEqual([]);
});

test('another address is closed before it is known who is there', async () => {
  await openPort('127.0.0.9');
  const caller = new Caller();
  let isKnown = false;
  caller.socket.on('secureConnect', () => (isKnown = true));
  await caller.closed;
  expect(isKnown).toBe(false);
});

test('a token is good for a while', async () => {
  await openPort();
  const token = port.offer();
  clock.ring(LANE_TOKEN_MS);
  expect(expired).toBe(1);
  const caller = await Caller.here();
  caller.join(token);
  await caller.closed;
  expect(joined).toEqual([]);
});

test('those that show no token have their time, and the oldest makes room', async () => {
  await openPort();
  const callers: Caller[] = [];
  for (let n = 0; n < MAX_LANES_WAITING; n++) callers.push(await Caller.here());
  await until(() => clock.waiting(FIRST_FRAME_TIMEOUT_MS) === MAX_LANES_WAITING);
  callers.push(await Caller.here());
  await callers[0]?.closed;
  expect(callers.filter(({ socket }) => socket.destroyed)).toEqual([callers[0]]);
  await until(() => clock.waiting(FIRST_FRAME_TIMEOUT_MS) === MAX_LANES_WAITING);
  clock.ring(FIRST_FRAME_TIMEOUT_MS);
  await Promise.all(callers.map(({ closed }) => closed));
});

test('a receiver dials the end of its session, and expects its key', async () => {
  await openPort();
  const token = port.offer();
  const { signal } = new AbortController();
  const session = { address: HERE, localAddress: HERE, peerId: sender.peerId };
  const lane = await dialLaneTo(session, receiver, clock)(port.port, signal);
  lane.open({ onMessage: () => undefined, onData: () => undefined, onClosed: () => undefined });
  lane.send({ type: 'join', token });
  await until(() => joined.length === 1);
  lane.destroy();
  const other = { ...session, peerId: receiver.peerId };
  await expect(dialLaneTo(other, await createIdentity(), clock)(port.port, signal)).rejects.toThrow(
    'IDENTITY_MISMATCH',
  );
});

/** Both ends of a lane. */
async function lane() {
  await openPort();
  const session = { address: HERE, localAddress: HERE, peerId: sender.peerId };
  const { signal } = new AbortController();
  const far = await dialLaneTo(session, receiver, clock)(port.port, signal);
  far.send({ type: 'join', token: port.offer() });
  await until(() => joined.length === 1);
  const [near] = joined;
  near?.open({ onMessage: () => undefined, onData: () => undefined, onClosed: () => undefined });
  return { near: near ?? expect.unreachable(), far };
}

test('many tiny frames leave others their turn', async () => {
  const { near, far } = await lane();
  const frames = 20_000;
  const one = encodeFrame(FRAME_TYPES.data, Uint8Array.of(7));
  near.write(Buffer.concat(Array.from({ length: frames }, () => one)));
  let taken = 0;
  let thisTurn = 0;
  let mostInTurn = 0;
  far.open({
    onMessage: () => undefined,
    onData: (part) => {
      expect(part).toEqual(Uint8Array.of(7));
      taken++;
      mostInTurn = Math.max(mostInTurn, ++thisTurn);
    },
    onClosed: () => undefined,
  });
  await until(() => {
    thisTurn = 0;
    return taken === frames;
  });
  // a turn of its own, and one as the socket reads on
  expect(mostInTurn).toBeLessThanOrEqual(2 * FRAME_STEPS_PER_TURN);
  far.destroy();
});

test('a lane that its sender gives up brings nothing more that is on its way', async () => {
  const { near, far } = await lane();
  let isTaken = false;
  for (let n = 0; n < 16; n++) {
    const frame = encodeFrame(FRAME_TYPES.data, new Uint8Array(DATA_FRAME_BYTES));
    near.write(frame, () => (isTaken = true));
  }
  await until(() => isTaken); // the systems have what they hold: far reads nothing yet
  let heardBytes = 0;
  near.destroy();
  await new Promise<void>((closed) => {
    far.open({
      onMessage: () => undefined,
      onData: (part) => (heardBytes += part.length),
      onClosed: () => closed(),
    });
  });
  expect(heardBytes).toBeLessThan(DATA_FRAME_BYTES);
});

test('a session that is gone opens no port', async () => {
  await openPort();
  const session = { peerId: receiver.peerId, address: HERE, localAddress: '' };
  const callers = { onJoined: () => undefined, onExpired: () => undefined };
  await expect(openLanePort({ identity: sender, clock, session }, callers)).rejects.toThrow(
    'PEER_GONE',
  );
});

test('when it stops nothing of it is left', async () => {
  const countOpen = (): number =>
    process.getActiveResourcesInfo().filter((kind) => /TCP|TLS|Timeout/.test(kind)).length;
  const before = countOpen();
  await openPort();
  const caller = await Caller.here();
  port.offer();
  await until(() => clock.waiting(FIRST_FRAME_TIMEOUT_MS) === 1);
  expect(clock.waiting(LANE_TOKEN_MS)).toBe(1);
  await port.stop();
  await caller.closed;
  expect(clock.waiting(FIRST_FRAME_TIMEOUT_MS) + clock.waiting(LANE_TOKEN_MS)).toBe(0);
  await until(() => countOpen() <= before);
});
