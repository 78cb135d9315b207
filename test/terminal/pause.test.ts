import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { Bench, ON_LOOPBACK } from '../support/command.ts';
import type { TestEngine } from '../support/engines.ts';
import { Ground } from '../support/engines.ts';
import { HeldWire } from '../support/held-wire.ts';
import { entryAt, putFile } from '../support/trees.ts';

/**
 * If these fail, a transfer that somebody stopped in a window looks on a terminal as if it hung, and a
 * script cannot tell the one from the other.
 */

const MIB = 1024 * 1024;
const BIG = 40 * MIB;

const ground = new Ground();
let bench: Bench;
let anna: TestEngine;

beforeEach(async () => {
  bench = new Bench();
  anna = await ground.start('Anna');
});
afterEach(async () => {
  await bench.stop();
  await ground.stopEngines();
});
afterAll(() => ground.remove());

it('who receives is told when the sender stops it and goes on', async () => {
  const ben = await bench.receive('ben', ['--accept', 'all', '--count', '1']);
  const wire = await HeldWire.open(ben.port, 4 * MIB);
  const file = putFile(bench.path('big.bin'), BIG);
  const transferId = await anna.send([file], Number(wire.address.split(':')[1]));
  await anna.until(transferId, 'transferring');
  await anna.engine.commands.pause({ transferId });
  wire.letGo();
  expect(await ben.program.line('paused')).toEqual({ event: 'paused', transferId, by: 'peer' });
  await anna.engine.commands.resume({ transferId });
  expect((await ben.program.ended).code).toBe(0);
  const story = ben.program.lines.map(({ event }) => event).filter((e) => e !== 'progress');
  expect(story).toEqual(['listening', 'offer', 'paused', 'goesOn', 'delivered']);
  expect(ben.program.all('goesOn')).toEqual([{ event: 'goesOn', transferId }]);
  expect(entryAt(join(ben.directory, 'big.bin'))).toEqual(entryAt(file));
  await wire.stop();
});

it('who sends is told in words when the receiver stops it and goes on', async () => {
  const wire = await HeldWire.open(anna.port, 4 * MIB);
  const file = putFile(bench.path('big.bin'), BIG);
  const program = bench.run(['send', file, '--to', wire.address, ...ON_LOOPBACK, '--no-discovery']);
  const transferId = await anna.when(
    ({ transfers }) => transfers.find(({ phase }) => phase === 'transferring')?.id,
  );
  await anna.engine.commands.pause({ transferId });
  await anna.until(transferId, 'paused');
  wire.letGo(); // no more can come than was on its way
  await program.text(/Anna paused it\n/);
  await anna.engine.commands.resume({ transferId });
  await program.text(/Going on\n/);
  expect((await program.ended).code).toBe(0);
  expect(program.shown.match(/paused it|Going on|whole and checked/g)).toEqual([
    'paused it',
    'Going on',
    'whole and checked',
  ]);
  await wire.stop();
});
