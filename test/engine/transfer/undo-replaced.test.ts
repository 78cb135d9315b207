import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TransferId } from '../../../shared/model/transfer.ts';
import {
  bench,
  deliver,
  here,
  kept,
  receiver,
  sender,
  startAgain,
  usePlace,
  visible,
} from '../../support/existing-place.ts';
import { Proxy } from '../../support/proxy.ts';
import { entryAt, putFile } from '../../support/trees.ts';

/** If these fail, what a delivery has replaced is lost to its owner, who was told that it is kept. */

const MIB = 1024 * 1024;

usePlace();

test('what is replaced is kept and comes back, after a restart too', async () => {
  const root = bench.path('trip');
  putFile(join(root, 'plan.txt'), 500, 1);
  const top = putFile(bench.path('notes.txt'), 300, 2);
  const old = [putFile(here('trip', 'plan.txt'), 400, 8), putFile(here('notes.txt'), 300, 9)];
  const before = old.map(entryAt);
  const { id, replaced } = await deliver([root, top], 'replace');
  expect(replaced).toBe(2);
  expect(visible()).toEqual(['notes.txt', 'trip']);
  expect(entryAt(here('trip', 'plan.txt'))).toEqual(entryAt(join(root, 'plan.txt')));
  expect(kept()).toHaveLength(3);
  await startAgain();
  expect(await receiver.undo(id)).toBeNull();
  expect(old.map(entryAt)).toEqual(before);
  expect(entryAt(here('notes (2).txt'))).toEqual(entryAt(top));
  expect(entryAt(here('trip', 'plan (2).txt'))).toEqual(entryAt(join(root, 'plan.txt')));
  expect(kept()).toEqual([]);
});

test('what was changed since it came keeps its name, and the old one gets a number', async () => {
  const path = putFile(bench.path('notes.txt'), 300, 2);
  const before = entryAt(putFile(here('notes.txt'), 400, 9));
  const { id } = await deliver([path], 'replace');
  writeFileSync(here('notes.txt'), 'mine now');
  await receiver.undo(id);
  expect(readFileSync(here('notes.txt'), 'utf8')).toBe('mine now');
  expect(entryAt(here('notes (2).txt'))).toEqual(before);
});

test('what went away since it came is back under its name, in its folder', async () => {
  putFile(bench.path('trip', 'sub', 'a'), 300, 2);
  const before = entryAt(putFile(here('trip', 'sub', 'a'), 400, 9));
  const { id } = await deliver([bench.path('trip')], 'replace');
  rmSync(here('trip'), { recursive: true });
  await receiver.undo(id);
  expect(entryAt(here('trip', 'sub', 'a'))).toEqual(before);
});

test('an undo is done once, and needs something to undo', async () => {
  const path = putFile(bench.path('notes.txt'), 300, 2);
  putFile(here('notes.txt'), 400, 9);
  const { id } = await deliver([path], 'replace');
  expect(await Promise.all([receiver.undo(id), receiver.undo(id)])).toEqual([null, null]);
  expect(visible()).toEqual(['notes (2).txt', 'notes.txt']);
  const nothing = await deliver([path], 'keepBoth');
  expect(await receiver.undo(nothing.id)).toMatchObject({ code: 'NOTHING_TO_UNDO' });
  expect(await receiver.undo('f'.repeat(32) as TransferId)).toMatchObject({
    code: 'NOTHING_TO_UNDO',
  });
});

test('clearing removes what was kept, and nothing that no receipt names', async () => {
  const path = putFile(bench.path('notes.txt'), 300, 2);
  putFile(here('notes.txt'), 400, 9);
  await deliver([path], 'replace');
  const [folder = ''] = kept();
  writeFileSync(here(folder, 'theirs'), '');
  mkdirSync(here('.dropline-undo-ffffffffffffffff'));
  await receiver.clearReceipts();
  expect(kept().sort()).toEqual(
    [folder, `${folder}/theirs`, '.dropline-undo-ffffffffffffffff'].sort(),
  );
  expect(readdirSync(join(receiver.home, 'receipts'))).toEqual([]);
  expect(visible()).toEqual(['notes.txt']);
});

test('who cancels in the middle can still undo what was replaced by then', async () => {
  const paths = [1, 2].map((n) => putFile(bench.path(`f${n}`), 10 * MIB, n));
  const before = entryAt(putFile(here('f1'), 100, 8));
  const proxy = await Proxy.open(receiver.port);
  proxy.setFates({ cutAfterBytes: 15 * MIB });
  const id = await sender.send(paths, proxy.port, { retryForMs: 0 });
  await receiver.event('offered', id);
  await receiver.accept(id, receiver.directory, { forAll: 'replace', items: {} });
  await receiver.event('interrupted', id);
  await proxy.stop();
  await receiver.cancel(id);
  const { existing } = await receiver.event('ended', id);
  expect(existing?.replaced).toBe(1);
  await startAgain();
  await receiver.undo(id);
  expect(entryAt(here('f1'))).toEqual(before);
  expect(visible()).toEqual(['f1', 'f1 (2)']);
});

test('a newer version that takes the place of a cut one can be undone down to what was there first', async () => {
  const root = bench.path('trip');
  const [small, big] = [putFile(join(root, 'a'), 1000, 1), putFile(join(root, 'b'), 20 * MIB, 2)];
  const before = entryAt(putFile(here('trip', 'a'), 900, 9));
  const proxy = await Proxy.open(receiver.port);
  proxy.setFates({ cutAfterBytes: 12 * MIB });
  const id = await sender.send([root], proxy.port, { retryForMs: 0 });
  await receiver.event('offered', id);
  const replace = { forAll: 'replace', items: {} } as const;
  await receiver.accept(id, receiver.directory, replace);
  await receiver.event('interrupted', id);
  await proxy.stop();
  expect(existsSync(here('trip', 'b'))).toBe(false);
  renameSync(small, bench.path('aside'));
  putFile(small, 1100, 3);
  const again = await sender.send([root], receiver.port);
  await receiver.event('offered', again);
  await receiver.accept(again, receiver.directory, replace);
  await receiver.outcome('delivered', again);
  expect(entryAt(here('trip', 'a'))).toEqual(entryAt(small));
  expect(entryAt(here('trip', 'b'))).toEqual(entryAt(big));
  expect((await receiver.event('ended', again)).existing?.replaced).toBe(2);
  await receiver.undo(again);
  expect(entryAt(here('trip', 'a'))).toEqual(before);
});
