import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { TransferId } from '../../shared/model/transfer.ts';
import type { TestEngine } from '../support/engines.ts';
import { Ground } from '../support/engines.ts';
import { HeldWire } from '../support/held-wire.ts';
import { Proxy } from '../support/proxy.ts';
import { entryAt, putFile } from '../support/trees.ts';

/** Whole engines: stopping a transfer and going on, as a window asks for it. */

const MIB = 1024 * 1024;
const BIG = 40 * MIB;
const ground = new Ground();

afterEach(() => ground.stopEngines());
afterAll(() => ground.remove());

/** On a wire that holds what flows, so that the moment to press is never missed. */
async function flowing(round: string): Promise<{
  anna: TestEngine;
  ben: TestEngine;
  wire: HeldWire;
  id: TransferId;
  path: string;
}> {
  const [anna, ben] = await Promise.all([
    ground.start(`Anna ${round}`),
    ground.start(`Ben ${round}`),
  ]);
  const wire = await HeldWire.open(ben.port, 4 * MIB);
  const path = putFile(ground.path(`${round}.bin`), BIG);
  const id = await anna.send([path], Number(wire.address.split(':')[1]));
  await Promise.all([anna.until(id, 'transferring'), ben.until(id, 'transferring')]);
  return { anna, ben, wire, id, path };
}

test('what one stops both see standing, each in their own words, until it goes on', async () => {
  const { anna, ben, wire, id, path } = await flowing('one');
  await ben.engine.commands.pause({ transferId: id });
  expect(await ben.until(id, 'paused')).toMatchObject({ by: 'us' });
  wire.letGo(); // no more can come than was on its way
  expect(await anna.until(id, 'paused')).toMatchObject({ by: 'peer' });
  // it is not theirs to let it go on
  await anna.engine.commands.resume({ transferId: id });
  expect(anna.transfer(id)).toMatchObject({ phase: 'paused', by: 'peer' });
  await ben.engine.commands.resume({ transferId: id });
  await Promise.all([anna.until(id, 'delivered'), ben.until(id, 'delivered')]);
  expect(entryAt(join(ben.directory, 'one.bin'))).toEqual(entryAt(path));
  await wire.stop();
});

test.each(['sender', 'receiver'])('a cancel of what stands ends it, at the %s', async (side) => {
  const { anna, ben, wire, id } = await flowing(side);
  await anna.engine.commands.pause({ transferId: id });
  // its word comes after what was on its way
  wire.letGo();
  await Promise.all([anna.until(id, 'paused'), ben.until(id, 'paused')]);
  const us = side === 'sender' ? anna : ben;
  await us.cancel(id);
  await Promise.all([anna.until(id, 'cancelled'), ben.until(id, 'cancelled')]);
  expect(readdirSync(ben.directory)).toEqual([]);
  await wire.stop();
});

test('what is pressed a moment too late, or about nothing, does no harm', async () => {
  const anna = await ground.start('Anna');
  const ben = await ground.start('Ben', { accept: 'ask' });
  const { pause, resume } = anna.engine.commands;
  const id = await anna.send([putFile(ground.path('small.txt'), 10)], ben);
  await anna.until(id, 'waiting');
  for (const press of [pause, resume]) expect(await press({ transferId: id })).toBeNull();
  expect(anna.transfer(id)).toMatchObject({ phase: 'waiting' });
  await ben.until(id, 'offered');
  await ben.accept(id);
  await anna.until(id, 'delivered');
  for (const press of [pause, resume]) expect(await press({ transferId: id })).toBeNull();
  expect(anna.transfer(id)).toMatchObject({ phase: 'delivered' });
  const nobody = 'f'.repeat(32) as TransferId;
  for (const press of [pause, resume]) {
    await expect(press({ transferId: nobody })).rejects.toMatchObject({ code: 'SELECTION_GONE' });
  }
});

test('everything that failed is sent again at once, and what was declined is left alone', async () => {
  const [anna, ben] = await Promise.all([ground.start('Anna'), ground.start('Ben')]);
  const proxy = await Proxy.open(ben.port);
  proxy.refuse(true);
  const paths = ['a.txt', 'b.txt', 'c.txt'].map((name) => putFile(ground.path(name), 10));
  const failed: TransferId[] = [];
  for (const path of paths) failed.push(await anna.send([path], proxy.port));
  await Promise.all(failed.map((id) => anna.until(id, 'failed')));
  const carl = await ground.start('Carl', { accept: 'paired' });
  const declined = await anna.send([paths[0]!], carl);
  await anna.until(declined, 'declined');
  proxy.refuse(false);
  const { retried } = await anna.engine.commands.retryAll({});
  expect(retried.map(({ before }) => before)).toEqual(failed);
  for (const { before, after } of retried) {
    await anna.until(after, 'delivered');
    expect(anna.transfer(before)).toBeUndefined();
  }
  expect(anna.transfer(declined)).toMatchObject({ phase: 'declined' });
  expect(readdirSync(ben.directory)).toEqual(expect.arrayContaining(['a.txt', 'b.txt', 'c.txt']));
  expect(await anna.engine.commands.retryAll({})).toEqual({ retried: [] });
  await proxy.stop();
});
