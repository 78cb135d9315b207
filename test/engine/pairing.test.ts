import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Pairing, PairingAnswer } from '../../shared/model/pairing.ts';
import type { Peer } from '../../shared/model/peer.ts';
import { Ground, atPort } from '../support/engines.ts';
import type { TestEngine } from '../support/engines.ts';
import { putFile } from '../support/trees.ts';

/** Two people compare codes: two whole engines, and what each says of it. */

const ground = new Ground();
const file = putFile(ground.path('file.txt'), 3);
let made = 0;

afterEach(() => ground.stopEngines());
afterAll(() => ground.remove());

async function two(anna = {}, ben = {}): Promise<[TestEngine, TestEngine]> {
  made += 1;
  return [
    await ground.start(`Anna${made}`, { pairs: true, accept: 'ask', ...anna }),
    await ground.start(`Ben${made}`, { pairs: true, accept: 'ask', ...ben }),
  ];
}

function code(engine: TestEngine): Promise<Pairing> {
  return engine.when(({ pairings }) => pairings.find((pairing) => pairing.code !== null));
}

async function say(engine: TestEngine, answer: PairingAnswer): Promise<void> {
  const { pairingId } = await code(engine);
  await engine.engine.commands.answerPairing({ pairingId, answer });
}

function over(engine: TestEngine): Promise<boolean> {
  return engine.when(({ pairings }) => pairings.length === 0);
}

function paired(engine: TestEngine): readonly { id: string; name: string }[] {
  return engine.engine.snapshot().paired.map(({ id, name }) => ({ id, name }));
}

function notices(engine: TestEngine): readonly string[] {
  return engine.engine.snapshot().notices.map((notice) => notice.failure.code);
}

async function listed(engine: TestEngine, other: TestEngine): Promise<Peer> {
  await engine.engine.commands.addPeer({ address: `127.0.0.1:${other.port}` });
  return engine.when(({ peers }) => peers.find(({ port }) => port === other.port));
}

test('an offer brings the same code to both screens, and two yeses pair the devices for good', async () => {
  const [anna, ben] = await two();
  const id = await anna.send([file], ben);
  await anna.until(id, 'waiting');
  await ben.until(id, 'offered');
  const [there, here] = [await code(anna), await code(ben)];
  expect(there.code).toMatch(/^\d{3} \d{3}$/);
  expect(here.code).toBe(there.code);
  expect([there.name, here.name]).toEqual([ben.name, anna.name]);
  expect([there.phase, here.phase]).toEqual(['comparing', 'comparing']);
  await say(anna, 'match');
  await ben.when(({ pairings }) => pairings.some(({ phase }) => phase === 'matchedThere'));
  expect(anna.engine.snapshot().pairings[0]?.phase).toBe('matchedHere');
  expect([paired(anna), paired(ben)]).toEqual([[], []]);
  await say(ben, 'match');
  await Promise.all([over(anna), over(ben)]);
  expect(paired(anna)).toEqual([{ id: ben.id, name: ben.name }]);
  expect(paired(ben)).toEqual([{ id: anna.id, name: anna.name }]);
  // the transfer that is under way knows it at once, and goes on as it was
  expect(anna.transfer(id)?.peer.verified).toBe(true);
  expect(ben.transfer(id)?.peer.verified).toBe(true);
  await ben.accept(id);
  await anna.until(id, 'delivered');

  const again = await anna.send([file], ben);
  await ben.until(again, 'offered');
  expect(ben.transfer(again)?.peer).toMatchObject({ name: anna.name, verified: true });
  expect([anna.engine.snapshot().pairings, ben.engine.snapshot().pairings]).toEqual([[], []]);
  await ben.decline(again);
  await anna.until(again, 'declined');

  await anna.engine.commands.forget({ peerId: ben.id });
  expect(paired(anna)).toEqual([]);
  const before = JSON.parse(
    readFileSync(ground.path(`${anna.name}-home`, 'paired.previous.json'), 'utf8'),
  ) as { peers: { id: string }[] };
  expect(before.peers.map((peer) => peer.id)).toEqual([ben.id]);
});

test('a paired device keeps the name it was paired by, over a restart and whatever it says', async () => {
  const [anna, ben] = await two();
  const { key } = await listed(anna, ben);
  await anna.engine.commands.pair({ key });
  await say(anna, 'match');
  await say(ben, 'match');
  await Promise.all([over(anna), over(ben)]);
  await ben.engine.commands.setSettings({ deviceName: 'Somebody else' });
  const id = await ben.send([file], anna);
  await anna.until(id, 'offered');
  expect(anna.transfer(id)?.peer).toMatchObject({ name: ben.name, verified: true });
  await anna.engine.stop();
  const back = await ground.start(anna.name, { pairs: true, accept: 'paired' });
  expect(paired(back)).toEqual([{ id: ben.id, name: ben.name }]);
  const second = await ben.send([file], back);
  await ben.until(second, 'delivered');
});

test('codes that are not the same end all there was with that device, on both sides', async () => {
  const [anna, ben] = await two();
  const id = await anna.send([file], ben);
  await ben.until(id, 'offered');
  await code(anna);
  await say(ben, 'mismatch');
  await Promise.all([over(anna), over(ben)]);
  await anna.when(({ notices: all }) => all.length > 0);
  await ben.when(({ notices: all }) => all.length > 0);
  expect([notices(anna), notices(ben)]).toEqual([['CODE_MISMATCH'], ['CODE_MISMATCH']]);
  await anna.when(({ transfers }) => transfers.every(({ phase }) => /ed$/.test(phase)));
  await ben.when(({ transfers }) => transfers.every(({ phase }) => /ed$/.test(phase)));
  expect([paired(anna), paired(ben)]).toEqual([[], []]);
  // not even asked again
  await expect(anna.send([file], atPort(ben.port, ben.id))).rejects.toMatchObject({
    code: 'PEER_BLOCKED',
  });
  const byAddress = await ben.send([file], anna);
  await ben.when(({ transfers }) =>
    transfers.find((t) => t.id === byAddress && /^(failed|declined|cancelled)$/.test(t.phase)),
  );
  expect(anna.transfer(byAddress)).toBeUndefined();
});

test('"not now" on one side takes the code off both, blocks nobody and stores nothing', async () => {
  const [anna, ben] = await two();
  const id = await anna.send([file], ben);
  await ben.until(id, 'offered');
  await code(anna);
  await say(anna, 'match');
  const { pairingId } = await code(ben);
  await say(ben, 'later');
  await Promise.all([over(anna), over(ben)]);
  expect([paired(anna), paired(ben)]).toEqual([[], []]);
  await expect(
    ben.engine.commands.answerPairing({ pairingId, answer: 'match' }),
  ).rejects.toMatchObject({ code: 'PAIRING_UNFINISHED' });
  await ben.accept(id);
  await anna.until(id, 'delivered');
});

test('where one side has no screen there is no code, and the transfer is the same', async () => {
  const [anna, ben] = await two({}, { pairs: false, accept: 'all' });
  const id = await anna.send([file], ben);
  await anna.until(id, 'delivered');
  const { key } = await listed(anna, ben);
  await anna.engine.commands.pair({ key });
  await anna.when(({ notices: all }) => all.length > 0);
  expect(notices(anna)).toEqual(['PAIRING_UNAVAILABLE']);
  await expect(
    ben.engine.commands.pair({ key: (await listed(ben, anna)).key }),
  ).rejects.toMatchObject({ code: 'PAIRING_UNAVAILABLE' });
  expect([paired(anna), paired(ben)]).toEqual([[], []]);
});

test('a device that is only called like a paired one is told apart, and gets nothing of it', async () => {
  made += 1;
  const anna = await ground.start(`Anna${made}`, { pairs: true });
  const impostor = await ground.start(`Carl${made}`, { deviceName: 'Ben’s Laptop', accept: 'all' });
  const ben = 'b'.repeat(64);
  await anna.engine.stop();
  writeFileSync(
    ground.path(`Anna${made}-home`, 'paired.json'),
    JSON.stringify({ version: 1, peers: [{ id: ben, name: 'ben’s laptop' }] }),
  );
  const again = await ground.start(`Anna${made}`, { pairs: true, accept: 'ask' });
  const offer = await impostor.send([file], again);
  await again.until(offer, 'offered');
  expect(again.transfer(offer)?.peer).toMatchObject({ verified: false, calledLike: ben });
  await again.decline(offer);
  const lost = await again.send([file], atPort(impostor.port, ben as typeof anna.id));
  const failed = await again.until(lost, 'failed');
  expect(failed.failure.code).toBe('IDENTITY_MISMATCH');
});
