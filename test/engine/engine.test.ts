import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { start } from '../../electron/engine/engine.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { Ground, atPort } from '../support/engines.ts';
import { Proxy } from '../support/proxy.ts';
import { entryAt, putFile } from '../support/trees.ts';

/** Whole engines: what a face asks of one, and how it starts and stops. */

const MIB = 1024 * 1024;
const ground = new Ground();
let path = '';
let round = 0;

beforeEach(() => {
  path = putFile(ground.path(`source-${round++}`, 'gift.txt'), 1000);
});
afterEach(() => ground.stopEngines());
afterAll(() => ground.remove());

test('with ask nothing is written before a person accepts', async () => {
  const [anna, ben] = await Promise.all([
    ground.start('Anna'),
    ground.start('Ben', { accept: 'ask' }),
  ]);
  const id = await anna.send([path], ben);
  const offered = await ben.until(id, 'offered');
  expect(offered.peer).toMatchObject({ id: anna.id, name: 'Anna', verified: false });
  expect(offered.items).toEqual([{ name: 'gift.txt', kind: 'file' }]);
  expect(offered.totals).toEqual({ files: 1, directories: 0, bytes: 1000 });
  await anna.until(id, 'waiting');
  expect(readdirSync(ben.directory)).toEqual([]);
  await ben.accept(id);
  await anna.until(id, 'delivered');
  expect(entryAt(join(ben.directory, 'gift.txt'))).toEqual(entryAt(path));
  rmSync(join(ben.directory, 'gift.txt'));
});

test('what is accepted can go to another folder', async () => {
  const [anna, ben] = await Promise.all([
    ground.start('Anna'),
    ground.start('Ben', { accept: 'ask' }),
  ]);
  const id = await anna.send([path], ben);
  await ben.until(id, 'offered');
  const { folderId, path: folder } = await ben.engine.nameFolder(ground.path('else', 'where'));
  await ben.engine.commands.answer({ transferId: id, accept: true, folderId });
  const { savedAs } = await ben.until(id, 'delivered');
  expect(savedAs).toBe(join(folder, 'gift.txt'));
  expect(readdirSync(ben.directory)).toEqual([]);
});

test('a declined offer ends on both sides and leaves nothing', async () => {
  const [anna, ben] = await Promise.all([
    ground.start('Anna'),
    ground.start('Ben', { accept: 'ask' }),
  ]);
  const id = await anna.send([path], ben);
  await ben.until(id, 'offered');
  await ben.decline(id);
  await Promise.all([anna.until(id, 'declined'), ben.until(id, 'declined')]);
  expect(readdirSync(ben.directory)).toEqual([]);
});

test('with paired a confirmed device is accepted at once and everybody else is declined', async () => {
  const [anna, carl] = await Promise.all([ground.start('Anna'), ground.start('Carl')]);
  const home = ground.path('Ben-home');
  mkdirSync(home, { recursive: true });
  const paired = { version: 1, peers: [{ id: anna.id, name: 'Anna' }] };
  writeFileSync(join(home, 'paired.json'), JSON.stringify(paired));
  const ben = await ground.start('Ben', { accept: 'paired' });
  const trusted = await anna.send([path], ben);
  const stranger = await carl.send([path], ben);
  const received = await ben.until(trusted, 'delivered');
  expect(received.peer.verified).toBe(true);
  await Promise.all([carl.until(stranger, 'declined'), ben.until(stranger, 'declined')]);
  expect(readdirSync(ben.directory)).toEqual(['gift.txt']);
  rmSync(join(home, 'paired.json'));
  rmSync(join(ben.directory, 'gift.txt'));
});

test('a person cancels on either side, and both say who', async () => {
  const [anna, ben] = await Promise.all([
    ground.start('Anna'),
    ground.start('Ben', { accept: 'ask' }),
  ]);
  const first = await anna.send([path], ben);
  // of two that are under way at once either may come first, and the other waits behind it
  await ben.until(first, 'offered');
  const second = await anna.send([path], ben);
  await anna.cancel(first);
  await ben.until(second, 'offered');
  await ben.cancel(second);
  const by = [
    await anna.until(first, 'cancelled'),
    await ben.until(first, 'cancelled'),
    await anna.until(second, 'cancelled'),
    await ben.until(second, 'cancelled'),
  ].map((transfer) => transfer.by);
  expect(by).toEqual(['us', 'peer', 'peer', 'us']);
});

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

test('a new name, a folder and a favourite count at once and are kept; the name is told to peers', async () => {
  const ben = await ground.start('Ben');
  const gus = await ground.start('Gus', { deviceName: null });
  await gus.engine.commands.setSettings({ deviceName: '  Gus\u202e \n two ' });
  const { folderId, path: folder } = await gus.engine.nameFolder(ground.path('gus-new'));
  await gus.engine.commands.setDirectory({ folderId });
  for (const [peerId, favourite] of [
    [ben.id, true],
    [gus.id, true],
    [ben.id, false],
  ] as const) {
    await gus.engine.commands.setFavourite({ peerId, favourite });
  }
  expect(gus.engine.snapshot().settings.favourites).toEqual([gus.id]);
  expect(gus.engine.snapshot().self).toMatchObject({ name: 'Gus two', directory: folder });
  const id = await gus.send([path], ben);
  expect((await ben.until(id, 'delivered')).peer.name).toBe('Gus two');
  const back = await ben.send([path], gus);
  await ben.until(back, 'delivered');
  expect(readdirSync(folder)).toEqual(['gift.txt']);
  const text = readFileSync(ground.path('Gus-home', 'settings.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    deviceName: 'Gus two',
    directory: folder,
    favourites: [gus.id],
  });
  rmSync(join(ben.directory, 'gift.txt'));
});

test('commands about what is not there are refused, and change nothing', async () => {
  const hal = await ground.start('Hal');
  const { commands } = hal.engine;
  const nobody = 'f'.repeat(32) as never;
  const gone = { code: 'SELECTION_GONE' };
  await expect(commands.cancel({ transferId: nobody })).rejects.toMatchObject(gone);
  await expect(commands.dismiss({ transferId: nobody })).rejects.toMatchObject(gone);
  await expect(commands.reveal({ transferId: nobody })).rejects.toMatchObject(gone);
  await expect(hal.decline(nobody)).rejects.toMatchObject(gone);
  await expect(commands.setDirectory({ folderId: nobody })).rejects.toMatchObject(gone);
  await expect(
    commands.send({ selectionId: nobody, to: atPort(1), mode: 'tls' }),
  ).rejects.toMatchObject(gone);
  await expect(hal.send([path], { kind: 'peer', key: 'nobody' })).rejects.toMatchObject({
    code: 'PEER_NOT_FOUND',
  });
  await expect(commands.addPeer({ address: 'a b' })).rejects.toMatchObject({
    code: 'NOT_AN_ADDRESS',
  });
  expect(hal.engine.snapshot().transfers).toEqual([]);
});

test('a device listed by its address can be sent to and taken off the list', async () => {
  const [ida, ben] = await Promise.all([ground.start('Ida'), ground.start('Ben')]);
  const address = `127.0.0.1:${ben.port}`;
  await ida.engine.commands.addPeer({ address });
  await ida.engine.commands.addPeer({ address });
  const [peer, ...others] = ida.engine.snapshot().peers;
  expect(others).toEqual([]);
  expect(peer).toMatchObject({ port: ben.port, foundBy: 'address', id: null });
  const id = await ida.send([path], { kind: 'peer', key: peer!.key });
  await ida.until(id, 'delivered');
  await ida.engine.commands.removePeer({ key: peer!.key });
  expect(ida.engine.snapshot().peers).toEqual([]);
  rmSync(join(ben.directory, 'gift.txt'));
});

test('two engines find each other by name and send to whom they found', async () => {
  const names = [`Jan ${process.pid}`, `Kim ${process.pid}`] as const;
  const [jan, kim] = await Promise.all(names.map((n) => ground.start(n, { discovery: true })));
  const target = await jan!.engine.findTarget(names[1].toUpperCase(), 20_000);
  expect(target).toEqual({ kind: 'peer', key: kim!.id });
  const id = await jan!.send([path], target);
  await jan!.until(id, 'delivered');
  await kim!.engine.stop();
  await jan!.when(({ peers }) => !peers.some((peer) => peer.id === kim!.id));
});

test('snapshots come at most ten a second and one for each end, and the last one always', async () => {
  const [lea, ben] = await Promise.all([ground.start('Lea'), ground.start('Ben')]);
  const seen: Snapshot[] = [];
  lea.engine.subscribe((snapshot) => seen.push(snapshot));
  const startedMs = performance.now();
  const ids = await Promise.all([1, 2, 3].map(() => lea.send([path], ben)));
  await Promise.all(ids.map((id) => lea.until(id, 'delivered')));
  const most = Math.ceil((performance.now() - startedMs) / 100) + 1 + ids.length;
  expect(seen.length).toBeLessThanOrEqual(most);
  expect(seen.at(-1)!.transfers.map(({ phase }) => phase)).toEqual(Array(3).fill('delivered'));
  for (const name of readdirSync(ben.directory)) rmSync(join(ben.directory, name));
});

test('start itself refuses a home that is a file', async () => {
  const options = await ground.options('Mia', { home: path });
  await expect(start(options)).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
});
