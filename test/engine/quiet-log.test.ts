import { readFileSync } from 'node:fs';
import { EOL } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openLog, withoutPaths } from '../../electron/engine/log.ts';
import type { Hint } from '../../shared/protocol/announcement.ts';
import { encodeAnnouncement, instanceName } from '../../shared/protocol/announcement.ts';
import { Ground } from '../support/engines.ts';
import { putFile } from '../support/trees.ts';

/** If one of these fails: a log that is sent to somebody, or the network, tells what is nobody's business. */

const ground = new Ground();
afterAll(() => ground.remove());

const SECRET = 'divorce papers';

test('the log of a session with all that can happen names no file, no folder and no key', async () => {
  const anna = await ground.start('Anna');
  const ben = await ground.start('Ben', { accept: 'ask', declineBackOffMs: 0 });
  const path = putFile(ground.path(SECRET, `${SECRET}.pdf`), 4_000);
  const accepted = await anna.send([path], ben);
  await ben.until(accepted, 'offered');
  await ben.accept(accepted);
  await anna.until(accepted, 'delivered');
  const declined = await anna.send([path], ben);
  await ben.until(declined, 'offered');
  await ben.decline(declined);
  await anna.until(declined, 'declined');
  const cancelled = await anna.send([path], ben);
  await ben.until(cancelled, 'offered');
  await anna.cancel(cancelled);
  await anna.until(cancelled, 'cancelled');
  await ben.when(({ transfers }) => transfers.every(({ phase }) => phase !== 'offered'));
  await ground.stopEngines();
  for (const name of ['Anna', 'Ben']) {
    const home = ground.path(`${name}-home`);
    const log = readFileSync(join(home, 'log', 'dropline.log'), 'utf8');
    expect(log).toContain(accepted);
    expect(log).toContain(declined);
    expect(log).not.toContain(SECRET);
    expect(log).not.toContain(ground.folder);
    expect(log).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/);
    const key = readFileSync(join(home, 'identity.pem'), 'utf8').split('\n')[1] ?? '';
    expect(key.length).toBeGreaterThan(20);
    expect(log).not.toContain(key);
  }
});

test('a log that cannot be written is settled all the same: an engine stops without it', async () => {
  const throws = (): never => {
    throw new Error('ENOSPC');
  };
  const broken = openLog('', () => Promise.resolve({ info: throws, warn: throws }));
  broken.info('a line');
  await expect(broken.settled()).resolves.toBeUndefined();
  const missing = openLog('', () => Promise.reject(new Error('no library')));
  missing.warn('a line');
  await expect(missing.settled()).resolves.toBeUndefined();
});

test('a log that is settled has every line, the first one too', async () => {
  const home = ground.path('settled-home');
  const log = openLog(home);
  await log.settled();
  log.info('one');
  log.warn('two');
  await log.settled();
  const lines = readFileSync(join(home, 'log', 'dropline.log'), 'utf8')
    .trim()
    .split(EOL);
  expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['one', 'two']);
});

test.each([
  [`history: Error: EACCES: permission denied, open '/home/me/it's mine/history.jsonl'`, 'me'],
  ['outbox: Error: ENOSPC, write "/Users/me/Library/x"', 'me'],
  [String.raw`the send worker ended: {"reason":"no C:\Users\me\file.txt"}`, 'Users'],
  [String.raw`lost \\server\share\me`, 'server'],
  ['at /home/me/dropline.js:3:4', 'me'],
])('a path in a message of the system is left out: %s', (line, hidden) => {
  expect(withoutPaths(line)).toContain('<path>');
  expect(withoutPaths(line)).not.toContain(`/${hidden}/`);
  expect(withoutPaths(line)).not.toContain(`\\${hidden}`);
});

test('what is no path stays in the log', () => {
  for (const line of [
    'discovery: 200/s and/or more',
    'a1b2 ended delivered',
    'host 10.0.0.2:47710',
  ]) {
    expect(withoutPaths(line)).toBe(line);
  }
});

test('what is announced is a version, an id, a name and a kind of computer, and no more', () => {
  const hint = {
    version: 1,
    id: 'a'.repeat(64),
    name: 'Anna',
    platform: 'linux',
    home: '/home/anna',
    directory: '/home/anna/Downloads',
  } as unknown as Hint;
  expect(encodeAnnouncement(hint)).toEqual({ v: '1', id: hint.id, n: 'Anna', p: 'linux' });
  expect(instanceName(hint.id)).toBe(`dropline-${'a'.repeat(12)}`);
});
