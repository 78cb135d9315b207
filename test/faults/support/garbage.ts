import { FRAME_TYPES, encodeFrame } from '../../../shared/protocol/frame.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import { encodeMessage } from '../../../shared/protocol/messages.ts';
import type { Random } from './random.ts';

/** Bytes that nobody of ours would send, and a session that came apart. */

const OPENINGS = [
  Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
  Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'),
  Buffer.from('holiday.jpg'),
  Buffer.from([0x16, 3, 1, 0x02, 0x00, 1, 0, 1, 0xfc, 3, 3]),
];

export function sessionOf(random: Random): Uint8Array[] {
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
export function mutated(random: Random, frames: Uint8Array[]): Buffer {
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

export function noise(random: Random): Buffer {
  const bytes = Buffer.alloc(random.int(1, 3_000));
  for (let n = 0; n < bytes.length; n++) bytes[n] = random.int(0, 255);
  return random.chance(0.5) ? bytes : Buffer.concat([random.pick(OPENINGS), bytes]);
}
