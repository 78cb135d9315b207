import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  clearLeftKeys,
  closeToOthers,
  isOfIdentity,
  keepKey,
  loadIdentity,
} from '../../electron/engine/identity.ts';
import { createKeyCommands } from '../../electron/engine/key-commands.ts';
import type { KeyStore } from '../../electron/engine/key-store.ts';
import { toFailure } from '../../shared/errors.ts';
import { expectOwnerOnly } from '../support/owner-only.ts';

/** If these fail, the key lies open although the system has a place for it, or is lost with that place. */

let home: string;
let path: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dropline-sealed-'));
  path = join(home, 'identity.pem');
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

/** Opens only what was sealed with its key. */
function storeWith(key: number, options: Partial<KeyStore> = {}): KeyStore {
  const turned = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ key);
  return {
    isUsable: true,
    seal: (secret) => Promise.resolve(turned(Buffer.from(secret))),
    open: (sealed) =>
      Promise.resolve({ secret: Buffer.from(turned(sealed)).toString(), isStale: false }),
    ...options,
  };
}

const file = (): string => readFileSync(path, 'utf8');
const failing = (): Promise<never> => Promise.reject(new Error('locked'));

test('a new key is sealed where there is a store, and is the same after a restart', async () => {
  const first = await loadIdentity(home, storeWith(7));
  expect(file()).toContain('-----BEGIN SEALED PRIVATE KEY-----');
  expect(file()).not.toContain('-----BEGIN PRIVATE KEY-----');
  const secret = first.keyPem.split('\n')[1] ?? '';
  expect(secret.length).toBeGreaterThan(40);
  expect(file()).not.toContain(secret);
  expectOwnerOnly(path);
  expect(await closeToOthers(home)).toBe('store');
  expect(await loadIdentity(home, storeWith(7))).toEqual(first);
});

test('a store that is none, or does not work, seals nothing, and that is told', async () => {
  for (const store of [storeWith(7, { isUsable: false }), storeWith(7, { seal: failing })]) {
    await loadIdentity(home, store);
    expect(file()).toContain('-----BEGIN PRIVATE KEY-----');
    expect(await closeToOthers(home)).not.toBe('store');
    rmSync(path);
  }
});

test('a key that lies in a file stays there until its person says otherwise: the command uses it', async () => {
  const first = await loadIdentity(home);
  expect(await loadIdentity(home, storeWith(7))).toEqual(first);
  expect(file()).toContain('-----BEGIN PRIVATE KEY-----');
  await keepKey(home, first, 'store', storeWith(7));
  expect(await closeToOthers(home)).toBe('store');
  expect(await loadIdentity(home, storeWith(7))).toEqual(first);
  await keepKey(home, first, 'file', storeWith(7));
  expect(await closeToOthers(home)).not.toBe('store');
  expect(await loadIdentity(home)).toEqual(first);
});

test.each([
  ['the command, which reaches no store', null, 'KEY_IN_STORE'],
  ['a store that is locked', storeWith(7, { open: failing }), 'KEY_STORE_CLOSED'],
  ['another store', storeWith(8), 'IDENTITY_UNREADABLE'],
] as const)('a sealed key is told of and never replaced by %s', async (_what, store, code) => {
  await loadIdentity(home, storeWith(7));
  const before = file();
  const why: unknown = await loadIdentity(home, store).catch((error: unknown) => error);
  expect(toFailure(why).code).toBe(code);
  // only whoever could have opened it may give it up
  expect(isOfIdentity(toFailure(why))).toBe(store !== null);
  expect(file()).toBe(before);
});

test('nothing is sealed that the store does not give back', async () => {
  const identity = await loadIdentity(home);
  const before = file();
  const liar = storeWith(7, { open: () => Promise.resolve({ secret: 'else', isStale: false }) });
  for (const store of [liar, storeWith(7, { seal: failing })]) {
    await expect(keepKey(home, identity, 'store', store)).rejects.toMatchObject({
      code: 'KEY_STORE_CLOSED',
    });
    expect(file()).toBe(before);
  }
});

test('what an older key of the store has sealed is sealed anew', async () => {
  const identity = await loadIdentity(home, storeWith(7));
  const before = file();
  const stale: KeyStore = {
    ...storeWith(9),
    open: async (sealed) => {
      const isOld = before.includes(Buffer.from(sealed).toString('base64').slice(0, 64));
      const { secret } = await (isOld ? storeWith(7) : storeWith(9)).open(sealed);
      return { secret, isStale: isOld };
    },
  };
  expect(await loadIdentity(home, stale)).toEqual(identity);
  expect(file()).not.toBe(before);
  expect(await loadIdentity(home, storeWith(9))).toEqual(identity);
});

test('a sealed key that was cut short is unreadable', async () => {
  await loadIdentity(home, storeWith(7));
  writeFileSync(path, file().replace(/\n[^-\n]{64}\n/, '\n'));
  await expect(loadIdentity(home, storeWith(7))).rejects.toMatchObject({
    code: 'IDENTITY_UNREADABLE',
  });
});

test('a key that can be opened is used, also where it cannot be sealed anew', async () => {
  const identity = await loadIdentity(home, storeWith(7));
  const before = file();
  const stale: KeyStore = {
    ...storeWith(7, { seal: failing }),
    open: async (sealed) => ({ ...(await storeWith(7).open(sealed)), isStale: true }),
  };
  expect(await loadIdentity(home, stale)).toEqual(identity);
  expect(file()).toBe(before);
});

test('nothing is put into a store that keeps nothing from anybody', async () => {
  const identity = await loadIdentity(home);
  await expect(
    keepKey(home, identity, 'store', storeWith(7, { isUsable: false })),
  ).rejects.toMatchObject({ code: 'KEY_STORE_CLOSED' });
  expect(await closeToOthers(home)).not.toBe('store');
});

test('a key that could not be written is not left beside, nor is one of a crash', async () => {
  const identity = await loadIdentity(home, storeWith(7));
  rmSync(path);
  mkdirSync(path); // nothing can be renamed over a folder
  await expect(keepKey(home, identity, 'file', storeWith(7))).rejects.toMatchObject({
    code: 'HOME_UNUSABLE',
  });
  expect(readdirSync(home)).toEqual(['identity.pem']);
  const left = join(home, '.identity.pem.0123456789ab');
  writeFileSync(left, 'PRIVATE KEY');
  const { mtimeMs } = statSync(left);
  await clearLeftKeys(home, mtimeMs + 1_000);
  expect(readdirSync(home)).toContain('.identity.pem.0123456789ab');
  await clearLeftKeys(home, mtimeMs + 120_000);
  expect(readdirSync(home)).toEqual(['identity.pem']);
});

test('of two wishes the last one counts, however long the store takes', async () => {
  const identity = await loadIdentity(home);
  let answer: () => void = () => undefined;
  const slow = storeWith(7, {
    seal: async (secret) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return storeWith(7).seal(secret);
    },
  });
  const kept: string[] = [];
  const store = {
    apply: ({ self }: { self: { keyKept: string } }) => void kept.push(self.keyKept),
  };
  const commands = createKeyCommands({ store: store as never, home, identity, keyStore: slow });
  const both = [commands.keepKey({ place: 'store' }), commands.keepKey({ place: 'file' })];
  await new Promise(setImmediate);
  answer();
  await Promise.all(both);
  expect(kept.at(-1)).not.toBe('store');
  expect(file()).toContain('-----BEGIN PRIVATE KEY-----');
});
