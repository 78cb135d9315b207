import { chmod, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DroplineError } from '../../shared/errors.ts';
import type { ErrorCode, Failure } from '../../shared/errors.ts';
import type { KeyKept } from '../../shared/model/snapshot.ts';
import { readIfThere, writeAtomically, writeOnce } from './atomic-file.ts';
import {
  certificateIn,
  identityOf,
  keyIn,
  plainFile,
  sealedFile,
  sealedKeyIn,
} from './identity-file.ts';
import type { KeyStore, Opened } from './key-store.ts';
import type { Identity } from './transfer/authentication.ts';

const IDENTITY_FILE = 'identity.pem';

const OF_KEY: ReadonlySet<ErrorCode> = new Set(['IDENTITY_UNREADABLE', 'KEY_STORE_CLOSED']);

/** As atomic-file.ts calls what it has not renamed yet. */
const LEFT_KEY = /^\.identity\.pem\.[0-9a-f]{12}$/;
const LEFT_AFTER_MS = 60_000;

/** Whoever may read or write it besides its owner. */
const OTHERS = 0o077;
const OWNER_ONLY = 0o600;
/** A person who makes that many identities does something else. */
const MAX_ASIDE = 100;

/** Trust is in the key: dates that never end keep a wrong clock from mattering. */
const NOT_BEFORE = new Date('2000-01-01T00:00:00Z');
const NOT_AFTER = new Date('9999-12-31T23:59:59Z');

/**
 * The device's key and certificate, made on the first start. The key is sealed where the system has a store
 * for it, else in the file as it is. One that cannot be read is never replaced silently: every peer would see
 * a stranger. Throws IDENTITY_UNREADABLE, KEY_STORE_CLOSED, KEY_IN_STORE (where this face reaches no store),
 * HOME_UNUSABLE.
 */
export async function loadIdentity(
  home: string,
  keyStore: KeyStore | null = null,
): Promise<Identity> {
  const path = join(home, IDENTITY_FILE);
  let file: string;
  try {
    file = (await readIfThere(path)) ?? (await writeOnce(path, await newFile(keyStore)));
  } catch (cause) {
    throw new DroplineError('HOME_UNUSABLE', { path: home }, { cause });
  }
  const sealed = sealedKeyIn(file);
  if (sealed && !keyStore) throw new DroplineError('KEY_IN_STORE', { path });
  const opened = sealed && keyStore && (await openedBy(keyStore, sealed, path));
  try {
    const identity = identityOf(opened?.secret ?? keyIn(file), certificateIn(file));
    if (keyStore && opened?.isStale) {
      // it can be read as it is: where it cannot be sealed anew now, the next start tries again
      await keepKey(home, identity, 'store', keyStore).catch(() => undefined);
    }
    return identity;
  } catch (cause) {
    throw new DroplineError('IDENTITY_UNREADABLE', { path }, { cause });
  }
}

export type KeyPlace = 'store' | 'file';

/**
 * Puts the key into the system's store, or into the file. The file is replaced as a whole, and only once what
 * was sealed has been opened again. Throws KEY_STORE_CLOSED, HOME_UNUSABLE; then all is as it was.
 */
export async function keepKey(
  home: string,
  { keyPem, certificatePem }: Identity,
  place: KeyPlace,
  keyStore: KeyStore,
): Promise<void> {
  const path = join(home, IDENTITY_FILE);
  if (place === 'store' && !keyStore.isUsable)
    throw new DroplineError('KEY_STORE_CLOSED', { path });
  const file =
    place === 'file'
      ? plainFile(keyPem, certificatePem)
      : sealedFile(await sealedBy(keyStore, keyPem, path), certificatePem);
  try {
    await writeAtomically(path, file);
  } catch (cause) {
    throw new DroplineError('HOME_UNUSABLE', { path: home }, { cause });
  }
}

async function newFile(keyStore: KeyStore | null): Promise<string> {
  // needed once in the life of a device, and slow to load
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'dropline' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: NOT_BEFORE,
    notAfterDate: NOT_AFTER,
  });
  const key = made.private.trim() + '\n';
  // a store that is there and does not work keeps nobody from starting: Settings say where the key is
  const sealed = keyStore?.isUsable ? await sealedBy(keyStore, key).catch(() => null) : null;
  return sealed ? sealedFile(sealed, made.cert) : plainFile(key, made.cert);
}

async function sealedBy(keyStore: KeyStore, key: string, path = ''): Promise<Uint8Array> {
  try {
    const sealed = await keyStore.seal(key);
    const { secret } = await keyStore.open(sealed);
    if (secret !== key) throw new Error('the store gives back something else');
    return sealed;
  } catch (cause) {
    throw new DroplineError('KEY_STORE_CLOSED', { path }, { cause });
  }
}

async function openedBy(keyStore: KeyStore, sealed: Uint8Array, path: string): Promise<Opened> {
  try {
    return await keyStore.open(sealed);
  } catch (cause) {
    throw new DroplineError('KEY_STORE_CLOSED', { path }, { cause });
  }
}

/** Closes the file to others where it stands open, as after a copy; where the key is. Never throws. */
export async function closeToOthers(home: string): Promise<KeyKept> {
  const kept = await closedFile(home);
  return (await isSealed(home)) ? 'store' : kept;
}

async function isSealed(home: string): Promise<boolean> {
  const file = await readIfThere(join(home, IDENTITY_FILE)).catch(() => null);
  return file !== null && sealedKeyIn(file) !== null;
}

async function closedFile(home: string): Promise<KeyKept> {
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

/** What a crash has left in the middle of writing the key. What is young may be another start's. Never throws. */
export async function clearLeftKeys(home: string, nowMs: number): Promise<void> {
  const names = await readdir(home).catch(() => []);
  for (const name of names.filter((one) => LEFT_KEY.test(one))) {
    const path = join(home, name);
    const found = await stat(path).catch(() => null);
    if (found && nowMs - found.mtimeMs > LEFT_AFTER_MS) {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }
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
  return OF_KEY.has(code) && basename(String(details['path'])) === IDENTITY_FILE;
}
