import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Outbox } from '../../electron/engine/outbox.ts';
import { ID, UNSENT } from '../support/unsent.ts';

/** If these fail, what was being sent is forgotten by a restart. */

let home: string;
let troubles: unknown[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dropline-outbox-'));
  troubles = [];
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const open = () => Outbox.open(home, (trouble) => troubles.push(trouble));

test('the file holds what was put last', async () => {
  const first = await open();
  first.put(UNSENT);
  first.put({ ...UNSENT, bytes: 500 });
  await first.settled();
  expect((await open()).all).toEqual([{ ...UNSENT, bytes: 500 }]);
  expect(troubles).toEqual([]);
});

test('one that is damaged counts as empty, is told of, and takes what comes', async () => {
  const first = await open();
  first.put(UNSENT);
  await first.settled();
  const path = join(home, 'outbox.json');
  writeFileSync(path, readFileSync(path, 'utf8').slice(5));
  const damaged = await open();
  expect([damaged.all, troubles.length]).toEqual([[], 1]);
  damaged.put(UNSENT);
  await damaged.settled();
  expect((await open()).get(ID)).toEqual(UNSENT);
});
