import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connect as connectTls } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { tlsOptions } from '../../electron/engine/transfer/connection.ts';
import { putFile } from '../support/trees.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import { openPair } from './support/pair.ts';
import type { Random } from './support/random.ts';

/** If this fails, whoever opens connections to the port keeps those out who want to send something. */

const CONNECTIONS = 1_000;
const MOST_AT_ONCE = 100;
const MIB = 1024 * 1024;
/** A bound on a hang: the handshake's own time is five seconds. */
const GONE_MS = 30_000;
const HELLO_BEGIN = Uint8Array.of(0x16, 3, 1, 0x02, 0x00, 1, 0, 1, 0xfc, 3, 3);
const KINDS = ['silent', 'slow', 'garbage', 'hello stops', 'no certificate'] as const;

/** On this system every address of 127/8 is this computer: they come from others than the honest one. */
function hostile(random: Random, port: number): Socket {
  const where = { host: '127.0.0.1', port, localAddress: `127.0.1.${random.int(1, 40)}` };
  const kind = random.pick(KINDS);
  if (kind === 'no certificate') {
    const { key: _key, cert: _cert, ...options } = tlsOptions(KEYLESS);
    return connectTls({ ...where, ...options });
  }
  const socket = connect(where);
  socket.once('connect', () => {
    if (kind === 'garbage') socket.write(Buffer.alloc(random.int(1, 4_000), random.int(0, 255)));
    if (kind === 'hello stops') socket.write(HELLO_BEGIN);
    if (kind !== 'slow') return;
    const timer = setInterval(() => socket.write(HELLO_BEGIN.subarray(0, 1)), 1_000);
    socket.once('close', () => clearInterval(timer));
  });
  return socket;
}

const KEYLESS = { keyPem: '', certificatePem: '', peerId: '' } as never;

promise({
  id: 'F15',
  says: 'a thousand hostile connections keep nobody out, and are gone a moment later',
  quick: CONNECTIONS,
  full: 10 * CONNECTIONS,
  patienceMs: 180_000,
  onlyOn: 'linux',
  run: async (random, trial) => {
    const { bench, sender, receiver } = await openPair(trial);
    const open = new Set<Socket>();
    trial.atEnd(() => {
      for (const socket of open) socket.destroy();
      return Promise.resolve();
    });
    const big = putFile(bench.path('big.bin'), 24 * MIB, 1);
    const paths = [big];
    const bigId = await sender.send([big], receiver.port);
    const took: number[] = [];
    for (let n = 0; n < CONNECTIONS; n++) {
      const socket = hostile(random, receiver.port);
      open.add(socket);
      socket.on('error', () => undefined);
      socket.resume();
      socket.once('close', () => open.delete(socket));
      if (n % MOST_AT_ONCE !== 0) continue;
      const path = putFile(bench.path(`small ${n}.txt`), 100 + n, n);
      paths.push(path);
      const startedMs = performance.now();
      await sender.outcome('delivered', await sender.send([path], receiver.port));
      took.push(performance.now() - startedMs);
    }
    await sender.outcome('delivered', bigId);
    const untilMs = performance.now() + GONE_MS;
    while (open.size > 0 && performance.now() < untilMs) await delay(50);
    if (open.size > 0) throw new Error(`${open.size} connections are still held`);
    const worst = Math.round(Math.max(...took));
    trial.note(`the slowest of ${took.length} small transfers took ${worst} ms`);
    if (process.env['VITEST'] === undefined) console.log(`F15: slowest ${worst} ms`);
    await mustBeRight(receiver.directory, sentAs(paths));
    return CONNECTIONS;
  },
});
