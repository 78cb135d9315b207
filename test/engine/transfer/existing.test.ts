import { linkSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
import { entryAt, namesBelow, putFile, readTree } from '../../support/trees.ts';

/** What comes meets what is there, over a real wire: skipped, beside it, or in its place. */

const MIB = 1024 * 1024;

usePlace();

test('a file that is the same is not sent, and counts as received where it is', async () => {
  const path = putFile(bench.path('photo.raw'), 3 * MIB + 7);
  putFile(here('photo.raw'), 3 * MIB + 7);
  const { id, sent, identical } = await deliver([path], 'skipIdentical');
  expect([sent.sentBytes, sent.files, identical]).toEqual([0, 1, 1]);
  expect(visible()).toEqual(['photo.raw']);
  const received = await receiver.outcome('delivered', id);
  expect(received).toMatchObject({ savedAs: here('photo.raw'), bytes: 3 * MIB + 7 });
});

test('to read much of what is there is told, and can be cancelled', async () => {
  const path = putFile(bench.path('film.mov'), 70 * MIB);
  putFile(here('film.mov'), 70 * MIB);
  const id = await sender.send([path], receiver.port);
  await receiver.event('offered', id);
  void receiver.accept(id, receiver.directory, { forAll: 'skipIdentical', items: {} });
  await receiver.event('looking', id);
  await receiver.cancel(id);
  await receiver.outcome('cancelled', id);
  await sender.outcome('cancelled', id);
  expect(visible()).toEqual(['film.mov']);
});

test('a file of the same size that differs is stored beside it, and what is told of bytes is true', async () => {
  const path = putFile(bench.path('photo.raw'), 3 * MIB, 1);
  putFile(here('photo.raw'), 3 * MIB, 2);
  const { id, sent, identical } = await deliver([path], 'skipIdentical');
  expect([sent.sentBytes, identical]).toEqual([3 * MIB, 0]);
  expect(visible()).toEqual(['photo (2).raw', 'photo.raw']);
  expect(entryAt(here('photo (2).raw'))).toEqual(entryAt(path));
  const counts = receiver.all('counts', id).flatMap((event) => event.counts);
  expect(Math.max(...counts.map(({ bytes }) => bytes))).toBeLessThanOrEqual(3 * MIB);
});

test('a folder goes into the one that is there: new files come, the same do not, others get a number', async () => {
  const root = bench.path('trip');
  for (const [name, seed] of [
    ['same', 1],
    ['other', 2],
    ['new', 3],
    ['sub/deep/new', 4],
  ] as const) {
    putFile(join(root, name), 1000, seed);
  }
  mkdirSync(join(root, 'empty'));
  putFile(here('trip', 'same'), 1000, 1);
  putFile(here('trip', 'other'), 900, 9);
  putFile(here('trip', 'mine'), 5, 5);
  const before = readTree(here('trip'));
  const { sent, identical, replaced } = await deliver([root], 'skipIdentical');
  expect([sent.sentBytes, identical, replaced]).toEqual([3000, 1, 0]);
  const after = readTree(here('trip'));
  for (const [name, entry] of before) if (name !== '.') expect(after.get(name)).toEqual(entry);
  expect(after.get('other (2)')).toEqual(entryAt(join(root, 'other')));
  expect(after.get('sub/deep/new')).toEqual(entryAt(join(root, 'sub/deep/new')));
  expect(after.get('empty')).toEqual(entryAt(join(root, 'empty')));
  expect(visible()).toEqual(['trip']);
});

test('each thing is treated as was chosen for it', async () => {
  const paths = ['a', 'b', 'c'].map((name, n) => putFile(bench.path(name), 100, n + 1));
  for (const name of ['a', 'b', 'c']) putFile(here(name), 100, 9);
  await deliver(paths, 'keepBoth', { a: 'replace', b: 'skipIdentical' });
  expect(visible()).toEqual(['a', 'b', 'b (2)', 'c', 'c (2)']);
  expect(entryAt(here('a'))).toEqual(entryAt(paths[0]!));
});

test.each(['skipIdentical', 'replace'] as const)(
  'a link in the way is never followed: %s keeps both',
  async (choice) => {
    putFile(bench.path('trip', 'sub', 'a'), 300, 1);
    putFile(bench.path('notes'), 300, 2);
    const outside = bench.path('outside');
    putFile(join(outside, 'a'), 300, 1);
    mkdirSync(here('trip'));
    symlinkSync(outside, here('trip', 'sub'));
    symlinkSync(join(outside, 'a'), here('notes'));
    const before = readTree(outside);
    const { sent } = await deliver([bench.path('trip'), bench.path('notes')], choice);
    expect(sent.sentBytes).toBe(600);
    expect(readTree(outside)).toEqual(before);
    expect(visible()).toEqual(['notes', 'notes (2)', 'trip', 'trip (2)']);
    expect(lstatSync(here('notes')).isSymbolicLink()).toBe(true);
  },
);

test('a folder where a file should go, and the reverse, are both kept', async () => {
  putFile(bench.path('trip', 'a'), 10, 1);
  putFile(bench.path('trip', 'b', 'c'), 10, 2);
  putFile(bench.path('notes'), 10, 3);
  putFile(here('trip', 'a', 'inside'), 10, 7);
  putFile(here('trip', 'b'), 10, 8);
  mkdirSync(here('notes'));
  await deliver([bench.path('trip'), bench.path('notes')], 'replace');
  expect(namesBelow(here('trip'))).toEqual(['a', 'a (2)', 'a/inside', 'b', 'b (2)', 'b (2)/c']);
  expect(visible()).toEqual(['notes', 'notes (2)', 'trip']);
});

test('what changes under its name between the answer and the end is not replaced', async () => {
  const path = putFile(bench.path('big.bin'), 20 * MIB, 1);
  putFile(here('big.bin'), 100, 8);
  const proxy = await Proxy.open(receiver.port);
  proxy.setFates({ cutAfterBytes: 10 * MIB });
  const id = await sender.send([path], proxy.port);
  await receiver.event('offered', id);
  await receiver.accept(id, receiver.directory, { forAll: 'replace', items: {} });
  await receiver.event('interrupted', id);
  writeFileSync(here('big.bin'), 'saved meanwhile');
  await receiver.outcome('delivered', id);
  expect(readFileSync(here('big.bin'), 'utf8')).toBe('saved meanwhile');
  expect(entryAt(here('big (2).bin'))).toEqual(entryAt(path));
  await proxy.stop();
});

test('two deliveries of the same name at once never take each other’s place', async () => {
  const first = putFile(bench.path('one', 'doc'), 3 * MIB, 1);
  const second = putFile(bench.path('two', 'doc'), 3 * MIB, 2);
  const before = entryAt(putFile(here('doc'), 50, 9));
  const ids = [
    await sender.send([first], receiver.port),
    await sender.send([second], receiver.port),
  ];
  await Promise.all(ids.map((id) => receiver.event('offered', id)));
  const replace = { forAll: 'replace', items: {} } as const;
  await Promise.all(ids.map((id) => receiver.accept(id, receiver.directory, replace)));
  await Promise.all(ids.map((id) => receiver.outcome('delivered', id)));
  // whichever came second gave way, or replaced the first, which is kept then: all three are there
  const there = [...readTree(receiver.directory).values()].filter(({ kind }) => kind === 'file');
  const wanted = [before, entryAt(first), entryAt(second)];
  expect(there.map(({ hash }) => hash).sort()).toEqual(wanted.map(({ hash }) => hash).sort());
  expect(visible()).toContain('doc');
  const old = kept().map((name) => entryAt(here(name)));
  expect(old).toContainEqual(before);
});

test('started again in the middle, it goes on: what is the same is not sent, and no more than the window twice', async () => {
  const root = bench.path('trip');
  for (let n = 0; n < 12; n++)
    putFile(join(root, `f${String(n).padStart(2, '0')}`), 3 * MIB + n, n + 1);
  for (let n = 0; n < 12; n += 3)
    putFile(here('trip', `f${String(n).padStart(2, '0')}`), 3 * MIB + n, n + 1);
  const old = entryAt(putFile(here('trip', 'f01'), 77, 50));
  putFile(here('trip', 'f11'), 3 * MIB + 11, 51);
  const proxy = await Proxy.open(receiver.port);
  proxy.setFates({ cutAfterBytes: 12 * MIB });
  const id = await sender.send([root], proxy.port, { retryForMs: 0 });
  await receiver.event('offered', id);
  await receiver.accept(id, receiver.directory, { forAll: 'replace', items: {} });
  await sender.outcome('failed', id);
  await receiver.event('interrupted', id);
  await proxy.stop();
  await startAgain();
  const again = await sender.send([root], receiver.port);
  const sent = await sender.outcome('delivered', again);
  await receiver.outcome('delivered', again);
  expect(receiver.all('offered', again)).toEqual([]);
  expect(sent.sentBytes).toBeLessThan(8 * 3 * MIB - 12 * MIB + 9 * MIB);
  const { existing } = await receiver.event('ended', again);
  expect(existing).toEqual({ identical: 4, replaced: 2 });
  for (let n = 0; n < 12; n++) {
    const name = `f${String(n).padStart(2, '0')}`;
    expect(entryAt(here('trip', name)).hash).toBe(entryAt(join(root, name)).hash);
  }
  await receiver.undo(again);
  expect(entryAt(here('trip', 'f01'))).toEqual(old);
});

test('a file that has other names elsewhere is replaced under this one only', async () => {
  const path = putFile(bench.path('doc'), 500, 1);
  const before = entryAt(putFile(here('doc'), 400, 9));
  linkSync(here('doc'), bench.path('other-name'));
  await deliver([path], 'replace');
  expect(entryAt(bench.path('other-name'))).toEqual(before);
  expect(entryAt(here('doc'))).toEqual(entryAt(path));
});
