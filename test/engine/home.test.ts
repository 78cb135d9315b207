import {
  chmodSync,
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
import { openHistory } from '../../electron/engine/history.ts';
import { openHome } from '../../electron/engine/home.ts';
import {
  closeToOthers,
  isOfIdentity,
  loadIdentity,
  setIdentityAside,
} from '../../electron/engine/identity.ts';
import { loadSettings, saveSettings } from '../../electron/engine/settings.ts';
import { loadTrust } from '../../electron/engine/trust.ts';
import { failure } from '../../shared/errors.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { NOTHING_MET, NO_PROBLEMS } from '../../shared/model/transfer.ts';
import { expectOwnerOnly } from '../support/owner-only.ts';

/** The files of the home folder. */

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dropline-home-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

test('a home is made for its owner alone', async () => {
  const path = await openHome(join(home, 'deep', 'er'));
  expect(statSync(path).isDirectory()).toBe(true);
  expectOwnerOnly(path);
});

test('a home where a file is in the way is told as such', async () => {
  writeFileSync(join(home, 'file'), '');
  const opened = openHome(join(home, 'file', 'home'));
  await expect(opened).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
});

test('an identity is made once, for its owner alone, and is the same after a restart', async () => {
  const first = await loadIdentity(home);
  expect(first.peerId).toMatch(/^[0-9a-f]{64}$/);
  expect(await loadIdentity(home)).toEqual(first);
  expectOwnerOnly(join(home, 'identity.pem'));
  expect(readdirSync(home)).toEqual(['identity.pem']);
});

test('several that start at once agree on one identity', async () => {
  const loaded = await Promise.all(Array.from({ length: 6 }, () => loadIdentity(home)));
  expect(new Set(loaded.map(({ peerId }) => peerId)).size).toBe(1);
  expect(readdirSync(home)).toEqual(['identity.pem']);
});

test.each([
  ['cut short', (pem: string) => pem.slice(0, 200)],
  ['empty', () => ''],
  ['without its key', (pem: string) => pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))],
  ['garbage', () => 'garbage'],
])('an identity that is %s is told and never replaced', async (_what, damage) => {
  await loadIdentity(home);
  const path = join(home, 'identity.pem');
  writeFileSync(path, damage(readFileSync(path, 'utf8')));
  const damaged = readFileSync(path, 'utf8');
  await expect(loadIdentity(home)).rejects.toMatchObject({ code: 'IDENTITY_UNREADABLE' });
  expect(readFileSync(path, 'utf8')).toBe(damaged);
});

test('an identity with the key of another one is told', async () => {
  const path = join(home, 'identity.pem');
  const [one, two] = await Promise.all(
    ['a', 'b'].map((name) => {
      mkdirSync(join(home, name));
      return loadIdentity(join(home, name));
    }),
  );
  writeFileSync(path, `${one!.keyPem}${two!.certificatePem}`);
  await expect(loadIdentity(home)).rejects.toMatchObject({ code: 'IDENTITY_UNREADABLE' });
});

test.skipIf(process.platform === 'win32')(
  'a key that stands open to others is closed, and that it is kept for its owner is told',
  async () => {
    const { peerId } = await loadIdentity(home);
    const path = join(home, 'identity.pem');
    for (const mode of [0o600, 0o644, 0o660, 0o604]) {
      chmodSync(path, mode);
      expect(await closeToOthers(home)).toBe('owner');
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect((await loadIdentity(home)).peerId).toBe(peerId);
    rmSync(path);
    // nothing is promised of a file that cannot be looked at
    expect(await closeToOthers(home)).toBe('others');
  },
);

test('an identity that is given up is kept beside, each under a name of its own', async () => {
  const first = await loadIdentity(home);
  const path = join(home, 'identity.pem');
  writeFileSync(path, 'damaged');
  await setIdentityAside(home);
  const second = await loadIdentity(home);
  expect(second.peerId).not.toBe(first.peerId);
  await setIdentityAside(home);
  expect(readFileSync(`${path}.bad`, 'utf8')).toBe('damaged');
  expect(readFileSync(`${path}.bad-2`, 'utf8')).toContain(second.certificatePem);
  expect(readdirSync(home).sort()).toEqual(['identity.pem.bad', 'identity.pem.bad-2']);
});

test('a list of paired devices that cannot be read is no reason for a new identity', () => {
  const path = (name: string) => ({ path: join(home, name) });
  expect(isOfIdentity(failure('IDENTITY_UNREADABLE', path('identity.pem')))).toBe(true);
  expect(isOfIdentity(failure('IDENTITY_UNREADABLE', path('paired.json')))).toBe(false);
  expect(isOfIdentity(failure('HOME_UNUSABLE', path('identity.pem')))).toBe(false);
});

test('an identity that is a folder makes the home unusable', async () => {
  mkdirSync(join(home, 'identity.pem'));
  await expect(loadIdentity(home)).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
});

test('settings are kept, and what is missing in the file has its default', async () => {
  const none = await loadSettings(home);
  expect(none).toEqual({ settings: settingsSchema.parse({ isWelcomed: false }), problem: null });
  await saveSettings(home, { ...none.settings, port: 4711, deviceName: 'Anna' });
  expect((await loadSettings(home)).settings).toMatchObject({ port: 4711, deviceName: 'Anna' });
  writeFileSync(join(home, 'settings.json'), '{"accept":"all","other":1}');
  // whoever has such a file was here before there was a first screen
  const before = { accept: 'all', port: 47710, isWelcomed: true };
  expect((await loadSettings(home)).settings).toMatchObject(before);
});

test.each(['{', '{"port":-1}', '[]', '{"version":2}', ''])(
  'settings that cannot be read (%s) are set aside, and the person is told',
  async (text) => {
    const path = join(home, 'settings.json');
    writeFileSync(path, text);
    const { settings, problem } = await loadSettings(home);
    expect(settings).toEqual(settingsSchema.parse({}));
    expect(problem).toEqual({ code: 'SETTINGS_UNREADABLE', details: { path: `${path}.bad` } });
    expect(readFileSync(`${path}.bad`, 'utf8')).toBe(text);
    expect((await loadSettings(home)).problem).toBeNull();
  },
);

test('nobody is paired where there is no list, and a list that cannot be read is no empty one', async () => {
  const id = 'a'.repeat(64) as never;
  expect((await loadTrust(home)).isPaired(id)).toBe(false);
  const path = join(home, 'paired.json');
  writeFileSync(path, JSON.stringify({ version: 1, peers: [{ id, name: 'Anna' }] }));
  const trust = await loadTrust(home);
  expect([
    trust.isPaired(id),
    trust.isPaired('b'.repeat(64) as never),
    trust.isPaired(null),
  ]).toEqual([true, false, false]);
  writeFileSync(path, '{"version":1,"peers":[{"id":"short"}]}');
  await expect(loadTrust(home)).rejects.toMatchObject({ code: 'IDENTITY_UNREADABLE' });
});

function finished(n: number): Transfer {
  return {
    id: n.toString(16).padStart(32, '0') as TransferId,
    direction: 'send',
    mode: 'tls',
    peer: { id: null, name: 'Ben', address: '127.0.0.1', verified: false },
    items: [],
    itemCount: 0,
    totals: { files: n, directories: 0, bytes: 0 },
    leftOut: NO_PROBLEMS,
    startedAtMs: n,
    keptBytes: 0,
    savedAs: null,
    ...NOTHING_MET,
    canRetry: true,
    phase: 'declined',
    finishedAtMs: n,
  };
}

test('the history keeps what ended, newest first, and nothing of it can be tried again', async () => {
  const history = await openHistory(home);
  expect(history.latest).toEqual([]);
  await Promise.all([1, 2, 3].map((n) => history.add(finished(n))));
  const { latest } = await openHistory(home);
  expect(latest.map(({ startedAtMs }) => startedAtMs)).toEqual([3, 2, 1]);
  expect(latest.some(({ canRetry }) => canRetry)).toBe(false);
});

test('lines of the history that were cut short or are not ours are passed over', async () => {
  const history = await openHistory(home);
  for (const n of [1, 2]) await history.add(finished(n));
  const path = join(home, 'history.jsonl');
  const [line = '', other = ''] = readFileSync(path, 'utf8').trim().split('\n');
  const running = line.replace('declined', 'transferring');
  writeFileSync(path, [line, line.slice(0, 40), 'null', '7', '{}', running, other, ''].join('\n'));
  const { latest } = await openHistory(home);
  expect(latest.map(({ startedAtMs }) => startedAtMs)).toEqual([2, 1]);
});

test('a history that has grown long is cut when it is opened', async () => {
  const path = join(home, 'history.jsonl');
  const lines = Array.from({ length: 2_001 }, (_, n) => JSON.stringify(finished(n)));
  writeFileSync(path, `${lines.join('\n')}\n`);
  const { latest } = await openHistory(home);
  expect(latest).toHaveLength(50);
  expect(latest[0]!.startedAtMs).toBe(2_000);
  expect(readFileSync(path, 'utf8').trim().split('\n')).toEqual(lines.slice(-1_000));
});

test('a line that cannot be written does not cost the ones after it', async () => {
  const history = await openHistory(home);
  const path = join(home, 'history.jsonl');
  mkdirSync(path);
  await expect(history.add(finished(1))).rejects.toThrow(/EISDIR|EBADF/);
  rmSync(path, { recursive: true });
  await history.add(finished(2));
  await history.settled();
  expect((await openHistory(home)).latest).toHaveLength(1);
});
