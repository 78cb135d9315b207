import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import {
  NOT,
  bench,
  listed,
  offered,
  opened,
  receiver,
  saved,
  sender,
  useOffers,
} from '../../support/choosing-place.ts';
import { entryAt, putFile } from '../../support/trees.ts';

/** A person takes some of what is offered, and the rest is neither read, nor sent, nor made. */

useOffers();

describe('what is not wanted', () => {
  test('neither comes nor is made, and both sides say so', async () => {
    receiver.choice = [
      ...NOT('photos/old', 'photos/only', 'photos/empty', 'film.bin'),
      { path: ['photos', 'old', 'd.jpg'], wanted: true },
    ];
    const id = await sender.send(offered(), receiver.port);
    const [here, there] = await Promise.all([
      receiver.outcome('delivered', id),
      sender.outcome('delivered', id),
    ]);
    const tree = ['photos', 'photos/a.jpg', 'photos/b.jpg', 'photos/old', 'photos/old/d.jpg'];
    expect(saved()).toEqual(['note.txt', ...tree]);
    for (const name of tree) {
      expect(entryAt(join(receiver.directory, name))).toEqual(entryAt(bench.path(name)));
    }
    const some = { files: 4, bytes: 4_000, failed: { count: 0, examples: [] } };
    expect(here).toMatchObject(some);
    expect(there).toMatchObject({ ...some, sentBytes: 4_000 });
    expect(here.hash).toBe(there.hash);
    // the sender is told of files alone: what becomes of directories is no affair of its
    const { unwanted } = await sender.event('started', id);
    expect(unwanted).toEqual({ files: 3, directories: 0, bytes: 3_000 });
    const own = await receiver.event('started', id);
    expect(own.unwanted).toEqual({ files: 3, directories: 3, bytes: 3_000 });
    const read = opened.filter((path) => /c\.jpg|e\.jpg|film/.test(path));
    expect(read).toEqual([]);
    expect(await listed(id)).toEqual([
      'photos/a.jpg saved',
      'photos/b.jpg saved',
      'photos/old/d.jpg saved',
      'note.txt saved',
    ]);
    await receiver.host.handle({ kind: 'verify', transferId: id, arrived: 4 });
    const { outcome } = await receiver.event('checked', id);
    expect(outcome).toMatchObject({ kind: 'done', result: { files: 4, intact: 4 } });
  });

  test('is told apart from what has failed', async () => {
    receiver.choice = NOT('photos', 'note.txt');
    receiver.accepts = false;
    const paths = [...offered(), putFile(bench.path('gone'), 10)];
    const id = await sender.send(paths, receiver.port);
    await receiver.event('offered', id);
    writeFileSync(bench.path('gone'), 'another length');
    await receiver.accept(id);
    const failed = { count: 1, examples: [{ path: 'gone', code: 'SOURCE_CHANGED' }] };
    expect(await sender.outcome('delivered', id)).toMatchObject({ files: 1, failed });
    expect(await receiver.outcome('delivered', id)).toMatchObject({ files: 1, failed });
    expect(saved()).toEqual(['film.bin']);
  });

  test('is all but an empty folder', async () => {
    receiver.choice = [
      ...NOT('photos', 'note.txt', 'film.bin'),
      { path: ['photos', 'empty'], wanted: true },
    ];
    const id = await sender.send(offered(), receiver.port);
    await receiver.outcome('delivered', id);
    expect(await sender.outcome('delivered', id)).toMatchObject({ files: 0, sentBytes: 0 });
    expect(saved()).toEqual(['photos', 'photos/empty']);
  });

  test('is all of it: that is a no', async () => {
    receiver.choice = NOT('photos', 'note.txt', 'film.bin');
    const id = await sender.send(offered(), receiver.port);
    await sender.outcome('declined', id);
    await receiver.outcome('declined', id);
    expect(saved()).toEqual([]);
  });

  test('is no part of a text', async () => {
    receiver.choice = NOT('words.txt');
    const path = bench.path('words.txt');
    writeFileSync(path, 'hello');
    const source = { kind: 'paths', paths: [path], content: 'text' } as const;
    const id = await sender.send([path], receiver.port, { source });
    await receiver.outcome('delivered', id);
    expect(saved()).toEqual(['words.txt']);
  });
});

describe('where something is there already', () => {
  test('only what is chosen is merged, replaced or found to be the same', async () => {
    const paths = offered();
    const there = (name: string): string => join(receiver.directory, name);
    putFile(there('photos/a.jpg'), 1_000, 5); // the same
    putFile(there('photos/b.jpg'), 900, 77);
    putFile(there('photos/old/c.jpg'), 900, 78);
    putFile(there('note.txt'), 900, 79);
    receiver.choice = NOT('photos/old', 'photos/only', 'note.txt');
    receiver.accepts = false;
    const id = await sender.send(paths, receiver.port);
    await receiver.event('offered', id);
    await receiver.plan(id);
    const { plan } = await receiver.event('planned', id);
    expect(plan).toMatchObject({ files: 3, unwantedFiles: 4, bytes: 3_000 });
    expect(plan!.existing).toMatchObject({ count: 1, sameSizeAndTime: 1, differs: 1 });
    await receiver.accept(id, receiver.directory, { forAll: 'replace', items: {} });
    const done = await receiver.outcome('delivered', id);
    expect(done).toMatchObject({ files: 3, existing: { identical: 1, replaced: 1 } });
    const kept = saved().filter((name) => !name.startsWith('.dropline-undo-'));
    expect(kept).toEqual(
      ['film.bin', 'note.txt', 'photos', 'photos/a.jpg', 'photos/b.jpg', 'photos/empty'].concat(
        'photos/old',
        'photos/old/c.jpg',
      ),
    );
    expect(entryAt(there('photos/old/c.jpg')).bytes).toBe(900);
    expect(entryAt(there('note.txt')).bytes).toBe(900);
    expect(await receiver.undo(id)).toBeNull();
    expect(entryAt(there('photos/b.jpg')).bytes).toBe(900);
  });

  test('a disk without room for all of it takes what there is room for', async () => {
    const little = 3_000;
    const room = { type: 0, bsize: 1, blocks: 10 * little, bavail: little };
    const statfsSync = (() => room) as unknown as typeof realFileSystem.statfsSync;
    const small = await bench.receiver({ fs: { statfsSync } });
    small.choice = NOT('photos/old', 'photos/only', 'film.bin', 'note.txt', 'photos/b.jpg');
    const paths = offered();
    const id = await sender.send(paths, small.port);
    await small.outcome('delivered', id);
    small.choice = [];
    const all = await sender.send(paths, small.port);
    const { failure } = await small.outcome('failed', all);
    expect(failure.code).toBe('DISK_FULL');
  });
});

test('an offer is looked into, folder by folder, until it is answered', async () => {
  receiver.accepts = false;
  const id = await sender.send(offered(), receiver.port);
  await receiver.event('offered', id);
  const top = await receiver.look(id, []);
  expect(top?.things.map(({ name, files }) => `${name} ${files}`)).toEqual([
    'photos 5',
    'note.txt 1',
    'film.bin 1',
  ]);
  const inside = await receiver.look(id, ['photos', 'old']);
  expect(inside?.things.map(({ name }) => name)).toEqual(['c.jpg', 'd.jpg']);
  expect(await receiver.look(id, ['nowhere'])).toBeNull();
  await receiver.accept(id);
  await receiver.outcome('delivered', id);
  expect(await receiver.look(id, [])).toBeNull();
});
