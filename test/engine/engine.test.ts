import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { Ground, atPort } from '../support/engines.ts';
import { entryAt, putFile } from '../support/trees.ts';

/** Whole engines: what a face asks of one. */

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
