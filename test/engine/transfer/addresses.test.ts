import type { AddressInfo, Server } from 'node:net';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:net';
import type { networkInterfaces } from 'node:os';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Connection } from '../../../electron/engine/transfer/connection.ts';
import { TRANSFER } from '../../../electron/engine/transfer/dialects.ts';
import { Dialler, NEWS_EVERY_MS } from '../../../electron/engine/transfer/dialler.ts';
import { hasMovedFrom } from '../../../electron/engine/transfer/own-addresses.ts';
import { realClock } from '../../../electron/engine/transfer/ports.ts';
import { watchWire, WATCH_MS } from '../../../electron/engine/transfer/watch-wire.ts';
import { FORGET_AFTER_MS, Whereabouts } from '../../../electron/engine/transfer/whereabouts.ts';
import type { PeerId, Place } from '../../../shared/model/peer.ts';
import { DEAD_AFTER_MS, HEARTBEAT_MS } from '../../../shared/protocol/limits.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { Proxy } from '../../support/proxy.ts';
import { Bench, createIdentity } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/** A peer that has another address now, or another port. */

const MIB = 1024 * 1024;
const at = (address: string, port = 1): Place => ({ address, port });

let bench: Bench;
/** Takes connections and says nothing. */
let silent: Server;
let taken = 0;

beforeEach(async () => {
  bench = new Bench();
  taken = 0;
  silent = createServer(() => taken++).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterEach(async () => {
  await bench.remove();
  silent.close();
});

const silentPlace = (): Place => at('127.0.0.1', (silent.address() as AddressInfo).port);

test('it is dialled where it was announced last first, then where it was before', () => {
  const where = new Whereabouts([at('a'), at('b')], new HandClock());
  expect(where.isElsewhere(at('c'))).toBe(false);
  where.met(at('b'));
  expect(where.announced([at('a'), at('b')])).toBe(false);
  expect(where.announced([at('b'), at('c'), at('b', 2)])).toBe(true);
  expect(where.places).toEqual([at('c'), at('b', 2), at('b'), at('a')]);
  expect([where.isElsewhere(at('b')), where.isElsewhere(at('c'))]).toEqual([true, true]);
  // gone and back is news
  expect(where.announced([])).toBe(false);
  expect(where.announced([at('c')])).toBe(true);
  expect(where.isElsewhere(at('c'))).toBe(false);
  const flood = Array.from({ length: 100 }, (_, n) => at(`f${n}`));
  where.announced(flood);
  expect(where.places.length).toBeLessThanOrEqual(20);
  expect(where.places).toContainEqual(at('b'));
});

test('places that nobody answers at are forgotten, but for the best one and those still announced', () => {
  const clock = new HandClock();
  const where = new Whereabouts([at('typed'), at('b'), at('c')], clock);
  clock.turn(FORGET_AFTER_MS - 1);
  expect(where.places).toEqual([at('typed'), at('b'), at('c')]);
  where.announced([at('c'), at('d')]);
  clock.turn(1);
  expect(where.places).toEqual([at('d'), at('c'), at('typed')]);
  clock.turn(FORGET_AFTER_MS);
  expect(where.places).toEqual([at('d'), at('c'), at('typed')]);
  where.met(at('d'));
  where.announced([]);
  expect(where.places).toEqual([at('d')]);
  clock.turn(FORGET_AFTER_MS);
  expect(where.places).toEqual([at('d')]);
  for (let n = 0; n < 1_000; n++) where.announced([at(`forged ${n}`)]);
  where.announced([]);
  expect(where.places).toEqual([at('d')]);
});

test('a dial under way tries a place that is announced meanwhile', async () => {
  const receiver = await bench.receiver();
  const dialler = new Dialler(realClock, [silentPlace()]);
  const dialled = dialler.dial(
    await createIdentity(),
    receiver.identity.peerId,
    new AbortController().signal,
  );
  dialler.announced([at('127.0.0.1', receiver.port)]);
  const connection = await dialled;
  expect(dialler.port).toBe(receiver.port);
  connection.destroy();
  await connection.gone;
});

test('a flood of news leads to one dial a second, of what was said last', () => {
  const clock = new HandClock();
  const dialler = new Dialler(clock, [at('a')]);
  let dials = 0;
  dialler.onNews = () => dials++;
  for (let n = 0; n < 100; n++) {
    dialler.announced([at(`a${n}`)]);
    clock.turn(NEWS_EVERY_MS / 10);
  }
  expect(dials).toBeGreaterThan(5);
  expect(dials).toBeLessThanOrEqual(11);
  dialler.announced([at('last')]);
  dialler.stop();
  expect(clock.pending).toBe(0);
});

test('a wire is given up where it is silent and its peer is announced elsewhere, and not for one of them', () => {
  const clock = new HandClock();
  const connection = { isSilent: false };
  const dialler = { isElsewhere: false };
  let dead = 0;
  const stop = watchWire(clock, connection, dialler, () => dead++);
  for (const [isSilent, isElsewhere] of [
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    expect(dead).toBe(0);
    Object.assign(connection, { isSilent });
    Object.assign(dialler, { isElsewhere });
    clock.turn(WATCH_MS);
  }
  expect(dead).toBe(1);
  stop();
  expect(clock.pending).toBe(0);
});

/** As much of a socket as a wire needs that hears nothing. */
class QuietSocket extends EventEmitter {
  localAddress = '::ffff:10.0.0.7';
  remoteAddress = '10.0.0.8';
  setNoDelay = (): void => undefined;
  pause = (): void => undefined;
  resume = (): void => undefined;
  isPaused = (): boolean => false;
  write = (): boolean => true;
  destroy = (): void => void this.emit('close', false);
}

test.each([
  ['a wire whose own address this computer does not have any more is given up early', true],
  ['a wire that is only silent has its time', false],
])('%s', (_what, moved) => {
  const clock = new HandClock();
  const asked: string[] = [];
  const hasMoved = (address: string): boolean => {
    asked.push(address);
    return moved;
  };
  const socket = new QuietSocket() as unknown as TLSSocket;
  const connection = new Connection(socket, 'ab'.repeat(32) as PeerId, clock, TRANSFER, {
    hasMoved,
  });
  let closed: string | null = null;
  connection.open({
    onMessage: () => undefined,
    onData: () => undefined,
    onClosed: (code) => (closed = code),
  });
  // a cable may be out for a moment
  clock.turn(HEARTBEAT_MS);
  expect([closed, asked]).toEqual([null, []]);
  clock.turn(3_000);
  expect(closed).toBe(moved ? 'PEER_GONE' : null);
  expect(asked[0]).toBe('::ffff:10.0.0.7');
  clock.turn(DEAD_AFTER_MS);
  expect(closed).toBe(moved ? 'PEER_GONE' : 'PEER_TIMEOUT');
});

type Interfaces = ReturnType<typeof networkInterfaces>;
const LOOPBACK = { address: '127.0.0.1', internal: true };

test('an address is looked for on every interface, as the system writes it', () => {
  const table = {
    lo: [LOOPBACK],
    eth0: [
      { address: '10.0.0.7', internal: false },
      { address: 'fe80::1', internal: false },
    ],
  } as unknown as Interfaces;
  for (const address of ['10.0.0.7', '::ffff:10.0.0.7', 'fe80::1%eth0', '127.0.0.2']) {
    expect(hasMovedFrom(address, table), address).toBe(false);
  }
  expect(hasMovedFrom('10.0.0.70', table)).toBe(true);
});

test('a computer whose only cable is out has not moved', () => {
  // an interface without a carrier is not listed at all
  expect(hasMovedFrom('10.0.0.7', { lo: [LOOPBACK] } as unknown as Interfaces)).toBe(false);
  expect(hasMovedFrom('10.0.0.7', {})).toBe(false);
});

test('whoever else answers at an announced place does not end the transfer', async () => {
  const [sender, receiver, stranger] = await Promise.all([
    bench.sender(),
    bench.receiver(),
    bench.receiver(),
  ]);
  const proxy = await Proxy.open(receiver.port);
  proxy.setFates({ cutAfterBytes: 5 * MIB });
  const id = await sender.send([putFile(bench.path('film.bin'), 12 * MIB)], proxy.port);
  await sender.event('started', id);
  proxy.refuse(true);
  const places = [at('127.0.0.1', stranger.port)];
  await sender.host.handle({ kind: 'announced', transferId: id, places });
  await sender.event('interrupted', id, 3);
  proxy.refuse(false);
  await sender.outcome('delivered', id);
  expect(stranger.events).toEqual([]);
  await proxy.stop();
});
