import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import type { Identity } from '../../electron/engine/transfer/authentication.ts';
import { tlsOptions } from '../../electron/engine/transfer/authentication.ts';
import { FRAME_HEADER_BYTES } from '../../shared/protocol/frame.ts';
import { createIdentity } from '../support/transfer-pair.ts';
import { putFile } from '../support/trees.ts';
import { WireReceiver } from '../support/wire-receiver.ts';
import { mutated, noise, sessionOf } from './support/garbage.ts';
import { atLast, promise } from './support/matrix.ts';
import { openPair } from './support/pair.ts';
import { StopWatch } from './support/stalls.ts';

/** If this fails, somebody who sends the wrong bytes ends the program, or stops it for the others. */

const INPUTS = 20;
const INPUTS_IN_MEMORY = 2_000;
/** What a peer that says nothing more is waited for, before it hangs up itself. */
const LISTEN_MS = 40;

async function say(socket: Socket, ready: string, bytes: Buffer, ends: boolean): Promise<void> {
  socket.on('error', () => undefined);
  socket.resume();
  const closed = once(socket, 'close').catch(() => undefined);
  await Promise.race([once(socket, ready).catch(() => undefined), closed]);
  if (!socket.destroyed) socket.write(bytes);
  if (ends) socket.end();
  await Promise.race([closed, delay(LISTEN_MS)]);
  socket.destroy();
  await closed;
}

let stranger: Promise<Identity> | null = null;
let longestMs = 0;

promise({
  id: 'F16',
  says: 'whatever bytes come to either port, also from a peer with a key, it is hung up on and all goes on',
  quick: 2 * INPUTS,
  full: 2_000,
  run: async (random, trial) => {
    const { bench, sender, receiver } = await openPair(trial);
    const plain = await bench.receiver({ mode: 'plain' });
    const identity = await (stranger ??= createIdentity());
    const watch = new StopWatch();
    trial.atEnd(async () => void watch.ms());
    for (let n = 0; n < INPUTS; n++) {
      const ends = random.chance(0.5);
      const host = '127.0.0.1';
      if (n % 4 === 0) await say(connect(plain.port, host), 'connect', noise(random), ends);
      else if (n % 4 === 1) await say(connect(receiver.port, host), 'connect', noise(random), ends);
      else {
        const socket = connectTls({ host, port: receiver.port, ...tlsOptions(identity) });
        const bytes = random.chance(0.1) ? noise(random) : mutated(random, sessionOf(random));
        await say(socket, 'secureConnect', bytes, ends);
      }
    }
    const path = putFile(bench.path('honest.txt'), 1_000);
    await sender.outcome('delivered', await sender.send([path], receiver.port));
    const plainId = await sender.send([path], plain.port, { mode: 'plain' });
    await sender.outcome('delivered', plainId);
    longestMs = Math.max(longestMs, watch.longestMs);
    trial.note(`the longest stall was ${Math.round(watch.longestMs)} ms`);
    return INPUTS;
  },
});

atLast(async () => {
  if (process.env['VITEST'] !== undefined || longestMs === 0) return;
  console.log(`F16: longest stall ${Math.round(longestMs)} ms`);
});

promise({
  id: 'F16b',
  says: 'whatever bytes come from a peer with a key, nothing is thrown, kept or done twice for them',
  quick: INPUTS_IN_MEMORY,
  full: 1_000_000,
  run: async (random) => {
    for (let n = 0; n < INPUTS_IN_MEMORY; n++) {
      const bytes = random.chance(0.1) ? noise(random) : mutated(random, sessionOf(random));
      const receiver = new WireReceiver();
      receiver.take(bytes);
      receiver.close('PEER_GONE');
      const { outcome, state, files, inputs } = receiver;
      if (outcome === null || state.phase !== 'ended') throw new Error(`it is ${state.phase}`);
      // what these sessions say of their content is never true
      if (outcome.kind === 'done' && files.size > 0) throw new Error('it is taken for whole');
      // what is done for them grows with their bytes and no faster
      const most = bytes.length / FRAME_HEADER_BYTES + 3;
      if (inputs.length > most) throw new Error(`${inputs.length} steps for ${bytes.length} bytes`);
    }
    return INPUTS_IN_MEMORY;
  },
});
