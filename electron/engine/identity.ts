import { X509Certificate, createPrivateKey } from 'node:crypto';
import { chmod, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DroplineError } from '../../shared/errors.ts';
import type { Failure } from '../../shared/errors.ts';
import type { KeyKept } from '../../shared/model/snapshot.ts';
import { readIfThere, writeOnce } from './atomic-file.ts';
import type { Identity } from './transfer/connection.ts';
import { peerIdOf } from './transfer/connection.ts';

const IDENTITY_FILE = 'identity.pem';

/** Whoever may read or write it besides its owner. */
const OTHERS = 0o077;
const OWNER_ONLY = 0o600;
/** A person who makes that many identities does something else. */
const MAX_ASIDE = 100;

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

/** Closes the file to others where it stands open, as after a copy. Never throws. */
export async function closeToOthers(home: string): Promise<KeyKept> {
  if (process.platform === 'win32') return 'profile';
  const path = join(home, IDENTITY_FILE);
  try {
    if (!(await isOpenToOthers(path))) return 'owner';
    await chmod(path, OWNER_ONLY);
    // some disks take the change and forget it
    return (await isOpenToOthers(path)) ? 'others' : 'owner';
  } catch {
    return 'others';
  }
}

async function isOpenToOthers(path: string): Promise<boolean> {
  return ((await stat(path)).mode & OTHERS) !== 0;
}

/**
 * A person has chosen to be a new device rather than to wait for the old key. It is kept beside: it may be
 * repaired yet. Throws HOME_UNUSABLE, and what the disk does.
 */
export async function setIdentityAside(home: string): Promise<void> {
  const path = join(home, IDENTITY_FILE);
  for (let n = 1; n <= MAX_ASIDE; n++) {
    const aside = `${path}.bad${n === 1 ? '' : `-${String(n)}`}`;
    const isFree = await stat(aside).then(
      () => false,
      () => true,
    );
    if (isFree) return rename(path, aside);
  }
  throw new DroplineError('HOME_UNUSABLE', { path: home });
}

/** Whether it is the key itself that cannot be read: then a person may choose a new one. */
export function isOfIdentity({ code, details }: Failure): boolean {
  return code === 'IDENTITY_UNREADABLE' && basename(String(details['path'])) === IDENTITY_FILE;
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
