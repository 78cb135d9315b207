import { truncateSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bench } from '../support/command.ts';
import { HeldWire } from '../support/held-wire.ts';
import { putFile } from '../support/trees.ts';

/** If this fails, a script believes that all of it arrived. */

const MIB = 1024 * 1024;

let bench: Bench;
let wire: HeldWire | null = null;

beforeEach(() => {
  bench = new Bench();
});
afterEach(async () => {
  await wire?.stop();
  wire = null;
  await bench.stop();
});

it('a delivery that lacks a file ends its sender with 1, and no receiver that waits for one', async () => {
  const folder = bench.directory('Holiday');
  // more than is read ahead of what has come
  truncateSync(putFile(join(folder, 'a'), 0), 100 * MIB);
  const lost = putFile(join(folder, 'b'), 10);
  const ben = await bench.receive('ben', ['--accept', 'all', '--count', '1']);
  wire = await HeldWire.open(ben.port, 2 * MIB);
  const anna = bench.send([folder], Number(wire.address.split(':').at(-1)));
  await anna.line('progress');
  unlinkSync(lost);
  wire.letGo();
  expect((await anna.ended).code).toBe(1);
  expect(await ben.program.line('delivered')).toMatchObject({ failed: 1 });
  const whole = bench.send([putFile(bench.path('note'), 10)], ben.port);
  expect((await whole.ended).code).toBe(0);
  expect((await ben.program.ended).code).toBe(0);
  expect(ben.program.all('delivered')).toHaveLength(2);
});
