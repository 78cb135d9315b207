import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connect as connectTls } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { tlsOptions } from '../../electron/engine/transfer/authentication.ts';
import type { TestSender } from '../support/transfer-pair.ts';
import { putFile } from '../support/trees.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import { endOf, openPair } from './support/pair.ts';
import type { Random } from './support/random.ts';

/** If this fails, whoever opens connections to the port keeps those out who want to send something. */

const CONNECTIONS = 1_000;
/** So many come between two small transfers. */
const SMALL_EVERY = 50;
const MOST_TRIES = 3;
const MIB = 1024 * 1024;
const BIG_BYTES = 24 * MIB;
const MOST_GROWTH_MIB = 64;
/** A bound on a hang: the handshake's own time is five seconds. */
const GONE_MS = 90_000;
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

/** What this process holds of memory, both ends together, above what it held when it was warm. */
class Growth {
  readonly #beforeBytes = process.memoryUsage.rss();
  #mostBytes = 0;

  look(): void {
    this.#mostBytes = Math.max(this.#mostBytes, process.memoryUsage.rss() - this.#beforeBytes);
  }

  get mib(): number {
    return Math.round(this.#mostBytes / MIB);
  }
}

/** A machine that is busy for longer than a handshake may take cuts it: then it is tried again. */
async function deliver(sender: TestSender, path: string, port: number): Promise<number> {
  for (let tries = 1; ; tries++) {
    const { kind, failure } = await endOf(sender, await sender.send([path], port));
    if (kind === 'delivered') return tries - 1;
    if (tries === MOST_TRIES || failure?.code !== 'NOT_DROPLINE') {
      throw new Error(`${kind} at try ${tries}: ${JSON.stringify(failure)}`);
    }
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

promise({
  id: 'F15',
  says: 'a thousand hostile connections keep nobody out, cost little, and are gone a moment later',
  quick: CONNECTIONS,
  full: 10 * CONNECTIONS,
  patienceMs: 300_000,
  onlyOn: 'linux',
  run: async (random, trial) => {
    const { bench, sender, receiver } = await openPair(trial);
    const open = new Set<Socket>();
    trial.atEnd(() => {
      for (const socket of open) socket.destroy();
      return Promise.resolve();
    });
    const paths = ['warm 1.bin', 'warm 2.bin'].map((name, n) =>
      putFile(bench.path(name), BIG_BYTES, n),
    );
    for (const path of paths) {
      await sender.outcome('delivered', await sender.send([path], receiver.port));
    }
    const growth = new Growth();
    const big = putFile(bench.path('big.bin'), BIG_BYTES, 5);
    paths.push(big);
    const bigId = await sender.send([big], receiver.port);
    const took: number[] = [];
    let again = 0;
    for (let n = 0; n < CONNECTIONS; n++) {
      const socket = hostile(random, receiver.port);
      open.add(socket);
      socket.on('error', () => undefined);
      socket.resume();
      socket.once('close', () => open.delete(socket));
      if (n % SMALL_EVERY !== 0) continue;
      const path = putFile(bench.path(`small ${n}.txt`), 100 + n, n);
      paths.push(path);
      const startedMs = performance.now();
      again += await deliver(sender, path, receiver.port);
      took.push(performance.now() - startedMs);
      growth.look();
    }
    await sender.outcome('delivered', bigId);
    growth.look();
    const untilMs = performance.now() + GONE_MS;
    while (open.size > 0 && performance.now() < untilMs) await delay(50);
    if (open.size > 0) throw new Error(`${open.size} connections are still held`);
    growth.look();
    const p95Ms = percentile(took, 0.95);
    const words = `p95 of ${took.length} small transfers ${p95Ms} ms, ${again} tried again, memory +${growth.mib} MiB`;
    trial.note(words);
    if (process.env['VITEST'] === undefined) console.log(`F15: ${words}`);
    if (growth.mib > MOST_GROWTH_MIB) throw new Error(words);
    await mustBeRight(receiver.directory, sentAs(paths));
    return CONNECTIONS;
  },
});
