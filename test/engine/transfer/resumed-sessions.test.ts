import { X509Certificate, constants, createPrivateKey, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server, TLSSocket, TlsOptions } from 'node:tls';
import { connect, createServer } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Identity } from '../../../electron/engine/transfer/authentication.ts';
import {
  authenticate,
  peerIdOf,
  tlsOptions,
} from '../../../electron/engine/transfer/authentication.ts';
import { ALPN_PROTOCOLS } from '../../../shared/protocol/limits.ts';
import { createIdentity } from '../../support/transfer-pair.ts';

/** If one of these fails, a session that was once overheard or kept passes for a device and its key. */

let ours: Identity;
let theirs: Identity;
let server: Server;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([createIdentity(), createIdentity()]);
});
afterEach(() => void server.close());

async function listen(options: TlsOptions): Promise<number> {
  server = createServer(options);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

interface Met {
  /** As the side that was dialled sees it, and the side that dialled. */
  readonly dialled: TLSSocket;
  readonly dialling: TLSSocket;
}

async function meet(port: number, session?: Buffer): Promise<Met> {
  const met = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const dialling = connect({
    host: '127.0.0.1',
    port,
    ...tlsOptions(theirs),
    ...(session && { session }),
  });
  const [[dialled]] = await Promise.all([met, once(dialling, 'secureConnect')]);
  return { dialled, dialling };
}

/** What the next connection could be resumed by: it comes with the first word. */
async function sessionOf({ dialled, dialling }: Met): Promise<Buffer> {
  const given = once(dialling, 'session') as Promise<[Buffer]>;
  dialling.resume();
  dialled.write('x');
  return (await given)[0];
}

function hangUp({ dialled, dialling }: Met): void {
  dialled.destroy();
  dialling.destroy();
}

test('a resumed session is nobody, on either side', async () => {
  const port = await listen({ ...tlsOptions(ours), secureOptions: 0 });
  const first = await meet(port);
  expect(authenticate(first.dialled, ours.peerId, ALPN_PROTOCOLS)).toBe(theirs.peerId);
  expect(authenticate(first.dialling, theirs.peerId, ALPN_PROTOCOLS)).toBe(ours.peerId);
  const session = await sessionOf(first);
  hangUp(first);
  const second = await meet(port, session);
  expect(second.dialled.isSessionReused()).toBe(true);
  expect(() => authenticate(second.dialled, ours.peerId, ALPN_PROTOCOLS)).toThrow('NOT_DROPLINE');
  expect(() => authenticate(second.dialling, theirs.peerId, ALPN_PROTOCOLS)).toThrow(
    'NOT_DROPLINE',
  );
  hangUp(second);
});

test('nothing that we give out resumes a session', async () => {
  expect(tlsOptions(ours).secureOptions).toBe(constants.SSL_OP_NO_TICKET);
  const port = await listen(tlsOptions(ours));
  const first = await meet(port);
  const session = await sessionOf(first);
  hangUp(first);
  const second = await meet(port, session);
  expect(second.dialled.isSessionReused()).toBe(false);
  expect(authenticate(second.dialled, ours.peerId, ALPN_PROTOCOLS)).toBe(theirs.peerId);
  hangUp(second);
});

test('the cipher is the quickest of those that are strong enough', async () => {
  const met = await meet(await listen(tlsOptions(ours)));
  expect(met.dialling.getProtocol()).toBe('TLSv1.3');
  expect(met.dialling.getCipher().name).toBe('TLS_AES_128_GCM_SHA256');
  hangUp(met);
});

test('a device is its key, whatever certificate it is in', async () => {
  const privateKey = createPrivateKey(ours.keyPem);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
  const again = await generate([{ name: 'commonName', value: 'another' }], {
    keyPair: { privateKey: ours.keyPem, publicKey: publicKey.toString() },
    keyType: 'ec',
    curve: 'P-256',
  });
  const certificate = new X509Certificate(again.cert);
  expect(again.cert).not.toBe(ours.certificatePem);
  expect(peerIdOf(certificate)).toBe(ours.peerId);
});
