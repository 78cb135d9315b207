import { expect, test } from 'vitest';
import type {
  Connection,
  ConnectionHandlers,
} from '../../../electron/engine/transfer/connection.ts';
import type { Delivery } from '../../../electron/engine/transfer/destination.ts';
import type { PartFiles } from '../../../electron/engine/transfer/part-files.ts';
import type { Clock } from '../../../electron/engine/transfer/ports.ts';
import { ReceiveSession } from '../../../electron/engine/transfer/receive-session.ts';
import { ALL_WANTED } from '../../../electron/engine/transfer/unwanted-entries.ts';
import { ACK_EVERY_BYTES, ACK_EVERY_MS } from '../../../shared/protocol/limits.ts';
import type { Entry, Message } from '../../../shared/protocol/messages.ts';
import { TRANSFER_ID } from '../../support/memory-tree.ts';

/** If one of these fails, whoever sends to an old disk is told again and again that the wire is dead. */

const KIB = 1024;
const BYTES = 2 * ACK_EVERY_BYTES;
const ENTRIES: readonly Entry[] = [{ kind: 'file', path: ['a'], bytes: BYTES }];

type Parts = Pick<PartFiles, 'meter'>;

/**
 * A receiver that takes so long for each write; meanwhile no timer of its thread rings. `spend`: in what it
 * spends that time.
 */
function receiveOnDisk(
  writeMs: number,
  spend = (_: Parts, pass: () => void): void => {
    pass();
  },
) {
  let nowMs = 0;
  const clock: Clock = {
    nowMs: () => nowMs,
    after: () => () => undefined,
    every: () => () => undefined,
  };
  const sent: Message[] = [];
  let handlers!: ConnectionHandlers<Message>;
  const connection = {
    open: (given: ConnectionHandlers<Message>) => (handlers = given),
    send: (message: Message) => sent.push(message),
    close: () => undefined,
  } as unknown as Connection;
  const session = new ReceiveSession(connection, {
    greeting: { name: 'x', platform: 'linux', hashes: ['sha256'] },
    clock,
    dialLane: null,
    onListGrows: () => undefined,
    onOffer: () => undefined,
    onFinishing: () => undefined,
    onTakenBack: () => undefined,
    onEnd: () => undefined,
  });
  const parts: Parts = { meter: null };
  const delivery = {
    options: { skip: [], entries: [], unwanted: ALL_WANTED },
    parts,
    openRange: () => undefined,
    takeSkips: () => [],
    write: () => {
      spend(parts, () => (nowMs += writeMs));
    },
  } as unknown as Delivery;
  const said: Message[] = [
    { type: 'hello', versions: [1], name: 'x', platform: 'linux', hashes: ['sha256'] },
    {
      type: 'offer',
      transferId: TRANSFER_ID,
      items: [{ name: 'a', kind: 'file' }],
      itemCount: 1,
      files: 1,
      directories: 0,
      bytes: BYTES,
      leftOut: 0,
    },
    { type: 'entries', entries: [...ENTRIES] },
  ];
  for (const message of said) handlers.onMessage(message);
  session.accept(delivery, { have: [], published: [], keptBytes: 0 });
  handlers.onMessage({ type: 'file', index: 0, offset: 0, bytes: BYTES });
  nowMs += ACK_EVERY_MS - 1;
  return {
    take: (bytes: number) => handlers.onData(new Uint8Array(bytes)),
    acks: () => sent.flatMap((message) => (message.type === 'ack' ? [message.bytes] : [])),
    holdUps: () => sent.flatMap((message) => (message.type === 'ack' ? [message.holdUp] : [])),
  };
}

test('on a disk that holds its thread what comes is written and acknowledged at once', () => {
  const { take, acks } = receiveOnDisk(ACK_EVERY_MS);
  for (let n = 0; n < 3; n++) take(16 * KIB);
  expect(acks()).toEqual([16 * KIB, 32 * KIB, 48 * KIB]);
});

test('on a fast disk many writes share one word', () => {
  const { take, acks } = receiveOnDisk(0);
  for (let bytes = 0; bytes < BYTES; bytes += 16 * KIB) take(16 * KIB);
  expect(acks()).toEqual([ACK_EVERY_BYTES, 2 * ACK_EVERY_BYTES]);
});

test('the sender hears that a disk is slow only where it is the disk', () => {
  const onDisk = receiveOnDisk(2_000, (parts, pass) => {
    parts.meter?.disk(pass);
  });
  const inProcessor = receiveOnDisk(2_000);
  for (const { take } of [onDisk, inProcessor]) take(16 * KIB);
  expect(onDisk.holdUps()).toEqual(['disk']);
  expect(inProcessor.holdUps()).not.toContain('disk');
});
