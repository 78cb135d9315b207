import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { Identity } from './transfer/authentication.ts';
import { peerIdOf } from './transfer/authentication.ts';

/** One file holds key and certificate, so that no moment has two of them or none. */

const KEY = 'PRIVATE KEY';
const SEALED_KEY = 'SEALED PRIVATE KEY';
const CERTIFICATE = 'CERTIFICATE';

/** Throws where key and certificate do not belong together. */
export function identityOf(keyPem: string, certificatePem: string): Identity {
  const certificate = new X509Certificate(certificatePem);
  if (!certificate.checkPrivateKey(createPrivateKey(keyPem))) throw new Error('key mismatch');
  return { keyPem, certificatePem, peerId: peerIdOf(certificate) };
}

/** Throws where the file has none. */
export function keyIn(file: string): string {
  return sectionIn(file, KEY);
}

/** Throws where the file has none. */
export function certificateIn(file: string): string {
  return sectionIn(file, CERTIFICATE);
}

/** null: the key is in the file as it is. */
export function sealedKeyIn(file: string): Uint8Array | null {
  const [, base64] = found(file, SEALED_KEY) ?? [];
  return base64 === undefined ? null : Buffer.from(base64, 'base64');
}

export function plainFile(keyPem: string, certificatePem: string): string {
  return `${keyPem.trim()}\n${certificatePem.trim()}\n`;
}

export function sealedFile(sealed: Uint8Array, certificatePem: string): string {
  const base64 = Buffer.from(sealed)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return plainFile(
    `-----BEGIN ${SEALED_KEY}-----\n${base64}\n-----END ${SEALED_KEY}-----`,
    certificatePem,
  );
}

function sectionIn(file: string, label: string): string {
  const [section] = found(file, label) ?? [];
  if (section === undefined) throw new Error(`no ${label}`);
  return `${section}\n`;
}

function found(file: string, label: string): RegExpExecArray | null {
  return new RegExp(`-----BEGIN ${label}-----([\\s\\S]+?)-----END ${label}-----`).exec(file);
}
