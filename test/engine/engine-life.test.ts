import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { start } from '../../electron/engine/engine.ts';
import { Ground } from '../support/engines.ts';
import { Proxy } from '../support/proxy.ts';
import { entryAt, putFile } from '../support/trees.ts';

/** Whole engines: how one starts and stops, and what goes on when it is back. */

const MIB = 1024 * 1024;
const ground = new Ground();
let path = '';
let round = 0;

beforeEach(() => {
  path = putFile(ground.path(`source-${round++}`, 'gift.txt'), 1000);
});
afterEach(() => ground.stopEngines());
afterAll(() => ground.remove());

test('a transfer goes on by itself when the wire is back, and can be followed all the way', async () => {
  const [anna, ben] = await Promise.all([ground.start('Anna'), ground.start('Ben')]);
  const proxy = await Proxy.open(ben.port);
  const big = putFile(ground.path('big.bin'), 30 * MIB);
  proxy.setFates({ cutAfterBytes: 15 * MIB });
  const phases: string[] = [];
  const id = await anna.send([big], proxy.port);
  anna.engine.subscribe(() => {
    const { phase } = anna.transfer(id)!;
    if (phases.at(-1) !== phase) phases.push(phase);
  });
  const [atAnna, atBen] = await Promise.all([
    anna.until(id, 'interrupted'),
    ben.until(id, 'interrupted'),
  ]);
  expect(atAnna.bytes).toBeGreaterThan(0);
  expect(atBen.bytes).toBeGreaterThan(0);
  const sent = await anna.until(id, 'delivered');
  expect(sent.keptBytes).toBeGreaterThan(5 * MIB);
  expect(sent.sentBytes).toBeLessThanOrEqual(39 * MIB);
  expect(entryAt(join(ben.directory, 'big.bin'))).toEqual(entryAt(big));
  expect(phases).toContain('interrupted');
  rmSync(join(ben.directory, 'big.bin'));
  await proxy.stop();
});

test('an engine that stops in the middle keeps what it has, and goes on when it is back', async () => {
  const [anna, ben] = await Promise.all([ground.start('Anna'), ground.start('Ben')]);
  const proxy = await Proxy.open(ben.port);
  proxy.setFates({ stallAfterBytes: 5 * MIB });
  const big = putFile(ground.path('big.bin'), 30 * MIB);
  const id = await anna.send([big], proxy.port);
  await ben.when(({ transfers }) => transfers.some((t) => 'bytes' in t && t.bytes > MIB));
  await ben.engine.stop();
  const [part = ''] = readdirSync(ben.directory);
  expect(part).toMatch(/^\.dropline-/);
  expect(ben.transfer(id)).toMatchObject({
    phase: 'interrupted',
    failure: { code: 'INTERRUPTED' },
  });
  await anna.engine.stop();
  expect(anna.transfer(id)).toMatchObject({ phase: 'interrupted' });
  const back = await ground.start('Ben');
  expect(back.transfer(id)).toMatchObject({ phase: 'interrupted', direction: 'receive' });
  proxy.setFates({});
  proxy.retarget(back.port);
  const again = await ground.start('Anna');
  expect(again.transfer(id)).toMatchObject({ direction: 'send', items: [{ name: 'big.bin' }] });
  const sent = await again.until(id, 'delivered');
  await back.until(id, 'delivered');
  expect(sent.keptBytes).toBeGreaterThan(0);
  expect(entryAt(join(back.directory, 'big.bin'))).toEqual(entryAt(big));
  rmSync(join(back.directory, 'big.bin'));
  await proxy.stop();
});

test('what ended is there after a restart, and the device is the same', async () => {
  const anna = await ground.start('Anna');
  const ben = await ground.start('Ben');
  const id = await anna.send([path], ben);
  await anna.until(id, 'delivered');
  await ben.until(id, 'delivered');
  await Promise.all([anna.engine.stop(), ben.engine.stop()]);
  const again = await ground.start('Ben');
  expect(again.id).toBe(ben.id);
  expect(again.transfer(id)).toMatchObject({ phase: 'delivered', canRetry: false, verified: true });
  await expect(again.engine.commands.retry({ transferId: id })).rejects.toMatchObject({
    code: 'SELECTION_GONE',
  });
  await again.engine.commands.dismiss({ transferId: id });
  expect(again.transfer(id)).toBeUndefined();
  rmSync(join(ben.directory, 'gift.txt'));
});

test('a second engine on the same home is refused, one that only sends is not', async () => {
  const ben = await ground.start('Ben');
  await expect(ground.start('Ben')).rejects.toMatchObject({ code: 'HOME_LOCKED' });
  const sender = await ground.start('Ben', { listen: 'none' });
  expect(sender.id).toBe(ben.id);
  expect(sender.engine.snapshot().self.port).toBeNull();
});

test('a stopped engine has given back its port and its home', async () => {
  const ben = await ground.start('Ben');
  const { port } = ben;
  await Promise.all([ben.engine.stop(), ben.engine.stop()]);
  const socket = connect(port, '127.0.0.1');
  const code = await new Promise((resolve) =>
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code)),
  );
  expect(code).toBe('ECONNREFUSED');
  const again = await ground.start('Ben', { port });
  expect(again.port).toBe(port);
});

test('a port in use is told where it was asked for, and passed by where it was not', async () => {
  const ben = await ground.start('Ben');
  await expect(ground.start('Anna', { port: ben.port })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    details: { port: ben.port },
  });
  const settings = { port: ben.port };
  writeFileSync(ground.path('Anna-home', 'settings.json'), JSON.stringify(settings));
  const anna = await ground.start('Anna', { port: null });
  expect(anna.port).not.toBe(ben.port);
  rmSync(ground.path('Anna-home', 'settings.json'));
});

test.each([
  ['an interface that is not there', { interface: '192.0.2.1' }, 'ADDRESS_UNAVAILABLE'],
  ['a folder where a file is', { directory: 'FILE' }, 'DIRECTORY_UNUSABLE'],
  ['workers that are not there', { workers: pathToFileURL('/nowhere/') }, 'INTERNAL'],
] as const)('%s fails the start in words, and the home is free again', async (_what, bad, code) => {
  const directory = 'directory' in bad ? { directory: path } : {};
  const started = ground.start('Dora', { ...bad, ...directory });
  await expect(started).rejects.toMatchObject({ code });
  await ground.start('Dora');
});

test('a history that cannot be read makes the home unusable, in words', async () => {
  mkdirSync(ground.path('Emil-home', 'history.jsonl'), { recursive: true });
  await expect(ground.start('Emil')).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
});

test('settings that cannot be read are told in a notice that can be dismissed', async () => {
  mkdirSync(ground.path('Fay-home'), { recursive: true });
  writeFileSync(ground.path('Fay-home', 'settings.json'), '{');
  const fay = await ground.start('Fay');
  const [notice] = fay.engine.snapshot().notices;
  expect(notice?.failure.code).toBe('SETTINGS_UNREADABLE');
  await fay.engine.commands.dismissNotice({ id: notice!.id });
  expect(fay.engine.snapshot().notices).toEqual([]);
});

test('start itself refuses a home that is a file', async () => {
  const options = await ground.options('Mia', { home: path });
  await expect(start(options)).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
});
