import { readdirSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { tlsOptions } from '../../../electron/engine/transfer/authentication.ts';
import { digestOf } from '../../../electron/engine/transfer/hash.ts';
import { FRAME_TYPES, FrameReader, encodeFrame } from '../../../shared/protocol/frame.ts';
import { fileHash, toHex } from '../../../shared/protocol/hash-tree.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import { encodeMessage } from '../../../shared/protocol/messages.ts';
import { TRANSFER_ID, spokenOffer } from '../../support/memory-tree.ts';
import { Bench, createIdentity } from '../../support/transfer-pair.ts';
import { transferHash } from '../../support/transfer-hash.ts';

/** If this fails, a file gets its name although it is not what its sender says that it is. */

const bench = new Bench();
afterAll(() => bench.remove());

const digest = digestOf('sha256');
const content = new TextEncoder().encode('what came');
const declared = new Uint8Array(32).fill(7);
const own = fileHash(digest(content), digest);

test.each([
  ['that it declared', declared],
  ['that is right', own],
])(
  'a file with another hash than its content has no name, verified by the one %s',
  async (_, hash) => {
    const receiver = await bench.receiver();
    const options = {
      ...tlsOptions(await createIdentity()),
      host: '127.0.0.1',
      port: receiver.port,
    };
    const socket: TLSSocket = connect(options);
    socket.on('error', () => undefined);
    const say = (...messages: readonly (Message | Uint8Array)[]): void => {
      for (const one of messages)
        socket.write(one instanceof Uint8Array ? one : encodeMessage(one));
    };
    const reader = new FrameReader({
      onFrame: (type) => {
        if (type === FRAME_TYPES.hello) say(...offer);
        if (type === FRAME_TYPES.ok) say(...stream(hash));
      },
      onData: () => undefined,
    });
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    const ended = await receiver.event('ended', TRANSFER_ID);
    const { outcome } = ended;
    expect(outcome.kind === 'delivered' ? outcome.files : 0).toBe(0);
    expect(readdirSync(receiver.directory)).not.toContain('a.txt');
    socket.destroy();
  },
);

const offer = spokenOffer([{ kind: 'file', path: ['a.txt'], bytes: content.length }]);

function stream(hash: Uint8Array): readonly (Message | Uint8Array)[] {
  return [
    { type: 'file', index: 0, offset: 0, bytes: content.length },
    encodeFrame(FRAME_TYPES.data, content),
    { type: 'fileEnd', index: 0, hash: declared },
    { type: 'verify', hash: toHex(transferHash([{ path: ['a.txt'], hash }], digest)) },
  ];
}
