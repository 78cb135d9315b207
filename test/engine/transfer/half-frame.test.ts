import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { tlsOptions } from '../../../electron/engine/transfer/authentication.ts';
import { FRAME_TYPES, FrameReader, encodeFrame } from '../../../shared/protocol/frame.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import { decodeMessage, encodeMessage } from '../../../shared/protocol/messages.ts';
import { TRANSFER_ID, spokenOffer } from '../../support/memory-tree.ts';
import { Bench, createIdentity } from '../../support/transfer-pair.ts';

/** If this fails, nothing moves on a slow wire until a whole frame has come, and a cut wire loses what had. */

const bench = new Bench();
afterAll(() => bench.remove());

const CONTENT = new TextEncoder().encode('what came by and by');
const FRAME = encodeFrame(FRAME_TYPES.data, CONTENT);
const HALF = FRAME.length - 12;

test('half a data frame is written and acknowledged, and what came of the rest is kept', async () => {
  const receiver = await bench.receiver();
  const socket: TLSSocket = connect({
    ...tlsOptions(await createIdentity()),
    host: '127.0.0.1',
    port: receiver.port,
  });
  socket.on('error', () => undefined);
  const say = (...messages: readonly Message[]): void => {
    for (const one of messages) socket.write(encodeMessage(one));
  };
  const ackedBytes = new Promise<number>((resolve) => {
    const reader = new FrameReader({
      onFrame: (type, payload) => {
        const message = decodeMessage(type, payload);
        if (message?.type === 'hello') say(...OFFER);
        if (message?.type === 'ok') {
          say({ type: 'file', index: 0, offset: 0, bytes: CONTENT.length });
          socket.write(FRAME.subarray(0, HALF));
        }
        if (message?.type === 'ack') resolve(message.bytes);
      },
      onData: () => undefined,
    });
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
  });
  const cameBytes = CONTENT.length - 12;
  expect(await ackedBytes).toBe(cameBytes);
  expect(written(receiver.directory)).toEqual(Buffer.from(CONTENT.subarray(0, cameBytes)));
  socket.end(FRAME.subarray(HALF, HALF + 5));
  await receiver.event('interrupted', TRANSFER_ID);
  expect(written(receiver.directory)).toEqual(Buffer.from(CONTENT.subarray(0, cameBytes + 5)));
});

function written(directory: string): Buffer {
  const [name = ''] = readdirSync(directory).filter((one) => one.endsWith('.part'));
  return readFileSync(join(directory, name));
}

const OFFER = spokenOffer([{ kind: 'file', path: ['a.txt'], bytes: CONTENT.length }]);
