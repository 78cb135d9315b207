import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadTrust } from '../../electron/engine/trust.ts';
import type { PairedDevice } from '../../shared/model/pairing.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { expectOwnerOnly } from '../support/owner-only.ts';

/** The list of paired devices, on the disk. */

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dropline-trust-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const device = (digit: string): PairedDevice => ({
  id: digit.repeat(64) as PeerId,
  name: `device ${digit}`,
  platform: 'macos',
  pairedAtMs: 7,
  rule: null,
});
const KEY = 'ab'.repeat(32);
const pinned = (digit: string) => ({ ...device(digit), meetingKey: KEY });
const onDisk = (file: string): unknown[] =>
  (JSON.parse(readFileSync(join(home, file), 'utf8')) as { peers: unknown[] }).peers;

test('what is added is there after a restart, until it is forgotten', async () => {
  const trust = await loadTrust(home);
  await trust.add(device('a'), KEY);
  await trust.add(device('b'), KEY);
  await trust.add({ ...device('a'), name: 'again' }, KEY);
  const again = await loadTrust(home);
  expect(again.devices).toEqual([device('b'), { ...device('a'), name: 'again' }]);
  await again.forget(device('b').id);
  await again.forget(device('c').id);
  expect((await loadTrust(home)).devices).toEqual([{ ...device('a'), name: 'again' }]);
});

test('changes at once are all there, and the list before the last is kept', async () => {
  const trust = await loadTrust(home);
  await Promise.all(['a', 'b', 'c'].map((digit) => trust.add(device(digit), KEY)));
  expect(onDisk('paired.json')).toEqual([pinned('a'), pinned('b'), pinned('c')]);
  expect(onDisk('paired.previous.json')).toEqual([pinned('a'), pinned('b')]);
  expect(readdirSync(home).sort()).toEqual(['paired.json', 'paired.previous.json']);
  expectOwnerOnly(join(home, 'paired.json'));
});

test('what cannot be written pairs nobody, and what comes after it still can', async () => {
  const trust = await loadTrust(home);
  await trust.add(device('a'), KEY);
  rmSync(home, { recursive: true });
  await expect(trust.add(device('b'), KEY)).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
  expect(trust.isPaired(device('b').id)).toBe(false);
  expect(trust.devices).toEqual([device('a')]);
  home = mkdtempSync(join(tmpdir(), 'dropline-trust-'));
  expect(existsSync(join(home, 'paired.json'))).toBe(false);
});

test('what it may do is kept, and its secret is in no list that a face sees', async () => {
  const trust = await loadTrust(home);
  let changes = 0;
  trust.onChange = () => (changes += 1);
  await trust.add(device('a'), KEY);
  const rule = { maxBytes: 1000, directory: '/somewhere' };
  await trust.setRule(device('a').id, rule);
  const again = await loadTrust(home);
  expect(again.devices).toEqual([{ ...device('a'), rule }]);
  expect(JSON.stringify(again.devices)).not.toContain(KEY);
  expect(again.acquaintances).toMatchObject([{ id: device('a').id, meetingKey: KEY }]);
  expect(changes).toBe(2);
});

test('who was paired by another program on the same home meanwhile stays paired', async () => {
  const [window, command] = [await loadTrust(home), await loadTrust(home)];
  await command.add(device('a'), KEY);
  await window.add(device('b'), KEY);
  expect((await loadTrust(home)).devices).toEqual([device('a'), device('b')]);
});

test('what another program on this home pairs is taken up, and what cannot be read takes nobody off', async () => {
  const [trust, other] = await Promise.all([loadTrust(home), loadTrust(home)]);
  const heard: string[][] = [];
  trust.onChange = () => heard.push(trust.devices.map(({ name }) => name));
  const stop = trust.follow();
  try {
    await other.add(device('a'), KEY);
    await vi.waitFor(() => expect(heard).toEqual([['device a']]), 20_000);
    expect(trust.isPaired(device('a').id)).toBe(true);
    const whole = readFileSync(join(home, 'paired.json'), 'utf8');
    writeFileSync(join(home, 'paired.json'), whole.slice(0, 40));
    // behind whatever was read by then
    await expect(trust.add(device('c'), KEY)).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
    expect(trust.isPaired(device('a').id)).toBe(true);
    writeFileSync(join(home, 'paired.json'), whole);
    await other.add(device('b'), KEY);
    await vi.waitFor(() => expect(heard.at(-1)).toEqual(['device a', 'device b']), 20_000);
    for (const names of heard) expect(names).toContain('device a');
  } finally {
    stop();
  }
});
