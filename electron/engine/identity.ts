import { X509Certificate, createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { DroplineError } from '../../shared/errors.ts';
import { readIfThere, writeOnce } from './atomic-file.ts';
import type { Identity } from './transfer/connection.ts';
import { peerIdOf } from './transfer/connection.ts';

const IDENTITY_FILE = 'identity.pem';

/** Trust is in the key: dates that never end keep a wrong clock from mattering. */
const NOT_BEFORE = new Date('2000-01-01T00:00:00Z');
const NOT_AFTER = new Date('9999-12-31T23:59:59Z');

/**
 * The device's key and certificate, made on the first start. One that cannot be read is never replaced
 * silently: every peer would see a stranger. Throws IDENTITY_UNREADABLE, HOME_UNUSABLE.
 */
export async function loadIdentity(home: string): Promise<Identity> {
  const path = join(home, IDENTITY_FILE);
  let pem: string;
  try {
    pem = (await readIfThere(path)) ?? (await writeOnce(path, await createPem()));
  } catch (cause) {
    throw new DroplineError('HOME_UNUSABLE', { path: home }, { cause });
  }
  try {
    return parse(pem);
  } catch (cause) {
    throw new DroplineError('IDENTITY_UNREADABLE', { path }, { cause });
  }
}

async function createPem(): Promise<string> {
  // needed once in the life of a device, and slow to load
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'dropline' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: NOT_BEFORE,
    notAfterDate: NOT_AFTER,
  });
  return `${made.private.trim()}\n${made.cert.trim()}\n`;
}

function parse(pem: string): Identity {
  const keyPem = section(pem, 'PRIVATE KEY');
  const certificatePem = section(pem, 'CERTIFICATE');
  const certificate = new X509Certificate(certificatePem);
  if (!certificate.checkPrivateKey(createPrivateKey(keyPem))) throw new Error('key mismatch');
  return { keyPem, certificatePem, peerId: peerIdOf(certificate) };
}

function section(pem: string, label: string): string {
  const found = new RegExp(`-----BEGIN ${label}-----[\\s\\S]+?-----END ${label}-----`).exec(pem);
  if (!found) throw new Error(`no ${label}`);
  return `${found[0]}\n`;
}
