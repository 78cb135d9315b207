import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { MAX_OFFERS_PER_ADDRESS } from '../../shared/protocol/limits.ts';
import type { TestEngine } from '../support/engines.ts';
import { Ground } from '../support/engines.ts';
import { Bench } from '../support/transfer-pair.ts';
import { putFile } from '../support/trees.ts';

/** If one of these fails, devices that nobody knows decide what a person sees, and whom they can answer. */

const ground = new Ground();
const bench = new Bench();
const path = putFile(ground.path('gift.txt'), 100);
afterAll(async () => {
  await ground.stopEngines();
  await bench.remove();
  await ground.remove();
});

const receives = (engine: TestEngine) =>
  engine.engine.snapshot().transfers.filter(({ direction }) => direction === 'receive');
const offers = (engine: TestEngine) => receives(engine).filter(({ phase }) => phase === 'offered');

function devicesTwice(waiting: readonly Transfer[]): readonly (string | null)[] {
  const devices = waiting.map(({ peer }) => peer.id);
  return devices.filter((id, at) => devices.indexOf(id) !== at);
}

test('four keys to throw away leave room for an honest stranger, and a paired device is asked for at once', async () => {
  const [ada, cleo] = await Promise.all([ground.start('Ada'), ground.start('Cleo')]);
  const home = ground.path('Ben-home');
  mkdirSync(home, { recursive: true });
  const paired = { version: 1, peers: [{ id: ada.id, name: 'Ada' }] };
  writeFileSync(join(home, 'paired.json'), JSON.stringify(paired));
  const ben = await ground.start('Ben', { accept: 'ask' });
  for (let n = 0; n < 4; n++) {
    const throwAway = await bench.sender();
    for (let m = 0; m < 3; m++) await throwAway.send([path], ben.port);
    const fromIt = (peerId: string | null) => peerId === throwAway.identity.peerId;
    await ben.when(({ transfers }) => transfers.some(({ peer }) => fromIt(peer.id)));
  }
  const known = await ada.send([path], ben);
  const stranger = await cleo.send([path], ben);
  await ben.until(known, 'offered');
  await ben.until(stranger, 'offered');
  // one that had to make room for the next is on its way out
  await expect.poll(() => devicesTwice(offers(ben))).toEqual([]);
  expect(offers(ben).filter(({ peer }) => !peer.verified).length).toBeLessThanOrEqual(
    MAX_OFFERS_PER_ADDRESS,
  );
  await Promise.all([ben.accept(known), ben.accept(stranger)]);
  await Promise.all([ben.until(known, 'delivered'), ben.until(stranger, 'delivered')]);
});

test('offers that their senders withdraw leave one line, and none in the history', async () => {
  const [eve, ben] = await Promise.all([
    ground.start('Eve'),
    ground.start('Bo', { accept: 'ask', declineBackOffMs: 0 }),
  ]);
  let last: TransferId | null = null;
  for (let n = 0; n < 5; n++) {
    last = await eve.send([path], ben);
    await ben.until(last, 'offered');
    await eve.cancel(last);
    await ben.until(last, 'cancelled');
  }
  expect(receives(ben).map(({ id }) => id)).toEqual([last]);
  const query = { text: '', direction: 'all', from: 0, count: 10 } as const;
  expect((await ben.engine.commands.searchHistory(query)).total).toBe(0);
  // what a person has answered is kept
  const declined = await eve.send([path], ben);
  await ben.until(declined, 'offered');
  await ben.decline(declined);
  await ben.until(declined, 'declined');
  expect((await ben.engine.commands.searchHistory(query)).total).toBe(1);
  expect(receives(ben)).toHaveLength(2);
});

test('after a no the same device is declined without a prompt', async () => {
  const [eve, ben] = await Promise.all([
    ground.start('Eva'),
    ground.start('Bob', { accept: 'ask' }),
  ]);
  const first = await eve.send([path], ben);
  await ben.until(first, 'offered');
  await ben.decline(first);
  await eve.until(first, 'declined');
  const second = await eve.send([path], ben);
  await eve.until(second, 'declined');
  expect(receives(ben).map(({ id }) => id)).toEqual([first]);
});

test('a device that is blocked is declined, and heard again when it is not; kept where that was asked for', async () => {
  const eve = await ground.start('Evi');
  const options = { accept: 'ask', declineBackOffMs: 0 } as const;
  let ben = await ground.start('Bert', options);
  const offered = await eve.send([path], ben);
  await ben.until(offered, 'offered');
  const { block, unblock } = ben.engine.commands;
  await block({ peerId: eve.id, remember: false });
  await eve.until(offered, 'declined');
  expect(ben.engine.snapshot().blocked).toEqual([{ id: eve.id, name: 'Evi', isStored: false }]);
  const again = await eve.send([path], ben);
  await eve.until(again, 'declined');
  expect(ben.transfer(again)).toBeUndefined();
  await unblock({ peerId: eve.id });
  expect(ben.engine.snapshot().blocked).toEqual([]);
  const heard = await eve.send([path], ben);
  await ben.until(heard, 'offered');
  await block({ peerId: eve.id, remember: true });
  await ben.engine.stop();
  const stored = JSON.parse(
    readFileSync(ground.path('Bert-home', 'blocked.json'), 'utf8'),
  ) as unknown;
  expect(stored).toEqual({ version: 1, peers: [{ id: eve.id, name: 'Evi' }] });
  ben = await ground.start('Bert', options);
  expect(ben.engine.snapshot().blocked).toEqual([{ id: eve.id, name: 'Evi', isStored: true }]);
  const late = await eve.send([path], ben);
  await eve.until(late, 'declined');
  await ben.engine.commands.unblock({ peerId: eve.id });
  const welcome = await eve.send([path], ben);
  await ben.until(welcome, 'offered');
});
