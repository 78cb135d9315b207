import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import type { Identity } from '../../electron/engine/transfer/connection.ts';
import { tlsOptions } from '../../electron/engine/transfer/connection.ts';
import { FRAME_TYPES, encodeFrame } from '../../shared/protocol/frame.ts';
import type { Message } from '../../shared/protocol/messages.ts';
import { encodeMessage } from '../../shared/protocol/messages.ts';
import { createIdentity } from '../support/transfer-pair.ts';
import { putFile } from '../support/trees.ts';
import { promise } from './support/matrix.ts';
import { openPair } from './support/pair.ts';
import type { Random } from './support/random.ts';

/** If this fails, somebody who sends the wrong bytes ends the program, or stops it for the others. */

const INPUTS = 20;
/** What a peer that says nothing more is waited for, before it hangs up itself. */
const LISTEN_MS = 40;

const OPENINGS = [
  Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
  Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'),
  Buffer.from('holiday.jpg'),
  Buffer.from([0x16, 3, 1, 0x02, 0x00, 1, 0, 1, 0xfc, 3, 3]),
];

function sessionOf(random: Random): Uint8Array[] {
  const bytes = random.int(1, 3_000);
  const transferId = random
    .int(0, 2 ** 40)
    .toString(16)
    .padStart(32, '0');
  const messages = [
    { type: 'hello', versions: [1], name: 'x', platform: 'linux', hashes: ['sha256'] },
    {
      type: 'offer',
      transferId,
      items: [{ name: 'a', kind: 'file' }],
      itemCount: 1,
      files: 1,
      directories: 0,
      bytes,
      leftOut: 0,
    },
    { type: 'entries', entries: [{ kind: 'file', path: ['a'], bytes }] },
    { type: 'file', index: 0, offset: 0, bytes },
  ] as unknown as readonly Message[];
  return [
    ...messages.map((message) => encodeMessage(message)),
    encodeFrame(FRAME_TYPES.data, new Uint8Array(bytes)),
    encodeMessage({ type: 'fileEnd', index: 0, hash: new Uint8Array(32) }),
    encodeMessage({ type: 'verify', hash: 'a'.repeat(64) } as unknown as Message),
    encodeMessage({ type: 'cancel' }),
  ];
}

/** Drops, doubles, swaps, cuts and flips. */
function mutated(random: Random, frames: Uint8Array[]): Buffer {
  const at = random.int(0, frames.length - 1);
  const how = random.int(0, 3);
  if (how === 0) frames.splice(at, 1);
  if (how === 1) frames.splice(at, 0, frames[random.int(0, frames.length - 1)] as Uint8Array);
  if (how === 2) frames.reverse();
  const bytes = Buffer.concat(frames);
  for (let flips = random.int(0, 4); flips > 0; flips--) {
    const place = random.int(
      0,
      Math.min(bytes.length - 1, random.chance(0.5) ? 400 : bytes.length - 1),
    );
    bytes[place] = random.int(0, 255);
  }
  return random.chance(0.3) ? bytes.subarray(0, random.int(1, bytes.length)) : bytes;
}

function noise(random: Random): Buffer {
  const bytes = Buffer.alloc(random.int(1, 3_000));
  for (let n = 0; n < bytes.length; n++) bytes[n] = random.int(0, 255);
  return random.chance(0.5) ? bytes : Buffer.concat([random.pick(OPENINGS), bytes]);
}

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

promise({
  id: 'F16',
  says: 'whatever bytes come to either port, also from a peer with a key, it is hung up on and all goes on',
  quick: 2 * INPUTS,
  full: 2_000,
  run: async (random, trial) => {
    const { bench, sender, receiver } = await openPair(trial);
    const plain = await bench.receiver({ mode: 'plain' });
    const identity = await (stranger ??= createIdentity());
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
    return INPUTS;
  },
});
