import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileLists } from '../../../electron/engine/file-lists.ts';
import { pageOf } from '../../../electron/engine/transfer/file-rows.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { readReceipt } from '../../../electron/engine/transfer/read-receipt.ts';
import { receiptName, receiptsIn } from '../../../electron/engine/transfer/receipt.ts';
import {
  SentList,
  sentListName,
  sentListsIn,
} from '../../../electron/engine/transfer/sent-list.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { ChoosyDisk } from '../../support/choosy-disk.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { entryAt, leftovers, namesBelow, putFile } from '../../support/trees.ts';

/** If these fail, one name that a disk does not take costs a person all that was sent with it. */

const MIB = 1024 * 1024;

let bench: Bench;
let sender: TestSender;
let receiver: TestReceiver;
let disk: ChoosyDisk;

beforeEach(async () => {
  bench = new Bench();
  disk = new ChoosyDisk();
  [sender, receiver] = await Promise.all([bench.sender(), bench.receiver({ fs: disk.fs })]);
  sender.home = bench.path('sender-home');
  await sender.start('sender');
});
afterEach(async () => {
  await bench.stop();
  expect(leftovers(receiver.directory)).toEqual([]);
  expect(readdirSync(join(receiver.home, 'journal'))).toEqual([]);
  await bench.remove();
});

function photos(...names: readonly string[]): string {
  names.forEach((name, n) => putFile(bench.path('photos', name), 1_000 + n, n + 1));
  return bench.path('photos');
}

function saved(): string[] {
  return namesBelow(receiver.directory);
}

/** Both ends tell the same. */
async function delivered(id: TransferId) {
  const [theirs, ours] = await Promise.all([
    sender.outcome('delivered', id),
    receiver.outcome('delivered', id),
  ]);
  expect([theirs.files, theirs.failed.count]).toEqual([ours.files, ours.failed.count]);
  expect(theirs.hash).toBe(ours.hash);
  const told = (list: typeof ours) => list.failed.examples.map(({ path, code }) => [path, code]);
  expect(told(theirs).sort()).toEqual(told(ours).sort());
  return { files: ours.files, failed: told(ours) };
}

/** Both lists, as they are kept. */
async function listed(id: TransferId): Promise<{ theirs: string[]; ours: string[] }> {
  await sender.stop();
  const query = { text: '', filter: 'all', from: 0, count: 100 } as const;
  const list = await SentList.open(
    realFileSystem,
    join(sentListsIn(sender.home ?? ''), sentListName(id)),
  );
  if (!list) throw new Error('no list is kept');
  const sent = await pageOf(list, query);
  const lists = new FileLists({ home: receiver.home, thread: () => null });
  const came = await lists.page('receive', { transferId: id, ...query });
  const words = ({ files }: typeof sent): string[] =>
    files.map(({ path, state, code }) => [path, state, code].filter((x) => x !== null).join(' '));
  return { theirs: words(sent), ours: words(came) };
}

describe.each([
  ...['ENAMETOOLONG', 'EINVAL', 'EILSEQ', 'ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST'].map(
    (errno) => [errno, 'PLACE_REFUSED'] as const,
  ),
  ...['EACCES', 'EPERM'].map((errno) => [errno, 'NO_PERMISSION'] as const),
])('a disk that answers %s to one name', (errno, code) => {
  test('takes the others, and both sides name the one that failed', async () => {
    disk.refused.set('bad', errno);
    const id = await sender.send([photos('a', 'bad', 'sub/c')], receiver.port);
    const failed = [['photos/bad', code]];
    expect(await delivered(id)).toEqual({ files: 2, failed });
    expect(saved()).toEqual(['photos', 'photos/a', 'photos/sub', 'photos/sub/c']);
    const { theirs, ours } = await listed(id);
    const bad = `photos/bad failed ${code}`;
    expect(theirs).toEqual(['photos/a checked', bad, 'photos/sub/c checked']);
    expect(ours).toEqual(['photos/a saved', bad, 'photos/sub/c saved']);
    const receipt = join(receiptsIn(receiver.home), receiptName(id));
    expect((await readReceipt(realFileSystem, receipt, () => true))?.count).toBe(2);
  });
});

test('only what failed is sent again', async () => {
  disk.refused.set('bad', 'ENAMETOOLONG');
  const before = await sender.send([photos('a', 'bad', 'sub/c')], receiver.port);
  await delivered(before);
  disk.refused.clear();
  const source = { kind: 'paths', paths: [], failedOf: before } as const;
  const id = await sender.send([], receiver.port, { source });
  expect((await sender.event('prepared', id)).totals.files).toBe(1);
  expect(await delivered(id)).toEqual({ files: 1, failed: [] });
});

test('a folder that the disk does not take fails with all that is below it, and is not asked for', async () => {
  disk.refused.set('bad', 'ENAMETOOLONG');
  const root = photos('a', 'bad/b', 'bad/deep/c');
  mkdirSync(join(root, 'bad/hollow'));
  const id = await sender.send([root], receiver.port);
  const { files, failed } = await delivered(id);
  expect([files, failed.map(([path]) => path).sort()]).toEqual([
    1,
    ['photos/bad/b', 'photos/bad/deep/c', 'photos/bad/hollow'],
  ]);
  expect(saved()).toEqual(['photos', 'photos/a']);
  expect((await sender.outcome('delivered', id)).sentBytes).toBe(1_000);
  const { theirs, ours } = await listed(id);
  const below = ['b', 'deep/c', 'hollow/'];
  const lost = below.map((path) => `photos/bad/${path} failed PLACE_REFUSED`);
  expect(theirs).toEqual(['photos/a checked', ...lost]);
  expect(ours).toEqual(['photos/a saved', ...lost]);
});

test('an empty folder that the disk does not take is named too', async () => {
  disk.refused.set('hollow', 'EINVAL');
  const root = photos('a');
  mkdirSync(join(root, 'hollow'));
  const id = await sender.send([root], receiver.port);
  expect(await delivered(id)).toEqual({ files: 1, failed: [['photos/hollow', 'PLACE_REFUSED']] });
  const live = await sender.files(id);
  expect(live?.files.at(-1)).toMatchObject({
    path: 'photos/hollow/',
    state: 'failed',
    savedAs: join(root, 'hollow'),
  });
  disk.refused.clear();
  const source = { kind: 'paths', paths: [], failedOf: id } as const;
  const again = await sender.send([], receiver.port, { source });
  expect((await sender.event('prepared', again)).totals).toMatchObject({
    files: 0,
    directories: 1,
  });
  expect(await delivered(again)).toEqual({ files: 0, failed: [] });
  expect(saved()).toContain('photos (2)/hollow');
  const { theirs, ours } = await listed(id);
  const hollow = 'photos/hollow/ failed PLACE_REFUSED';
  expect([theirs, ours]).toEqual([
    ['photos/a checked', hollow],
    ['photos/a saved', hollow],
  ]);
});

test('a name that is refused when all is whole fails by itself, a folder with what is in it', async () => {
  disk.refused.set('photos', 'ENAMETOOLONG');
  disk.refused.set('single', 'EINVAL');
  const beside = ['single', 'other'].map((name) => putFile(bench.path(name), 500));
  putFile(bench.path('more/x'), 100);
  const paths = [photos('a', 'sub/b'), bench.path('more'), ...beside];
  const id = await sender.send(paths, receiver.port);
  const { files, failed } = await delivered(id);
  const named = ['photos/a', 'photos/sub/b', 'single'].map((path) => [path, 'PLACE_REFUSED']);
  expect([files, failed.sort()]).toEqual([2, named]);
  expect(saved()).toEqual(['more', 'more/x', 'other']);
  expect((await listed(id)).ours).toEqual([
    'photos/a failed PLACE_REFUSED',
    'photos/sub/b failed PLACE_REFUSED',
    'more/x saved',
    'single failed PLACE_REFUSED',
    'other saved',
  ]);
});

test('more than a thousand that failed are all in the list of the sender', async () => {
  disk.refused.set('photos', 'ENAMETOOLONG');
  const names = Array.from({ length: 1_100 }, (_, n) => `f${n}`);
  const root = bench.path('photos');
  for (const name of names) putFile(join(root, name), 1);
  const id = await sender.send([root, putFile(bench.path('other'), 10)], receiver.port);
  expect((await sender.outcome('delivered', id)).failed.count).toBe(1_100);
  await sender.stop();
  const path = join(sentListsIn(sender.home ?? ''), sentListName(id));
  const list = await SentList.open(realFileSystem, path);
  const query = { text: '', filter: 'all', from: 0, count: 1 } as const;
  expect(list && (await pageOf(list, query)).counts).toMatchObject({ all: 1_101, failed: 1_100 });
});

test('a file that grows beyond what the disk takes fails alone', async () => {
  disk.mostBytes.set('big', MIB);
  const root = photos('a', 'z');
  putFile(join(root, 'big'), 3 * MIB);
  const id = await sender.send([root], receiver.port);
  expect(await delivered(id)).toEqual({ files: 2, failed: [['photos/big', 'FILE_TOO_BIG']] });
});

test('where nothing of it can be made, nothing is delivered, and both say why', async () => {
  const mkdirSync: typeof realFileSystem.mkdirSync = (path, ...rest) => {
    const isHidden = /[\\/]\.dropline-/.test(String(path));
    if (isHidden) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    return realFileSystem.mkdirSync(path, ...rest);
  };
  receiver = await bench.receiver({ fs: { mkdirSync } });
  const id = await sender.send([photos('a', 'sub/b')], receiver.port);
  for (const end of [sender, receiver]) {
    expect((await end.outcome('failed', id)).failure.code).toBe('NO_PERMISSION');
  }
});

test.each(['EROFS', 'EIO', 'EMFILE'])(
  'a disk that answers %s is not taken for one that refuses a name',
  async (errno) => {
    disk.refused.set('bad', errno);
    const id = await sender.send([photos('a', 'bad')], receiver.port, { retryForMs: 0 });
    await sender.outcome('failed', id);
    disk.refused.clear();
    const again = await sender.send([bench.path('photos')], receiver.port);
    expect(await delivered(again)).toEqual({ files: 2, failed: [] });
  },
);

test.each(['the same run', 'another run'])(
  'what was refused is not asked for again after a cut, in %s',
  async (when) => {
    disk.refused.set('bad', 'ENAMETOOLONG');
    const root = photos('a', 'bad', 'sub/c');
    putFile(join(root, 'z-big'), 4 * MIB);
    const proxy = await Proxy.open(receiver.port);
    proxy.setFates({ cutAfterBytes: 2 * MIB });
    const isNew = when === 'another run';
    const id = await sender.send([root], proxy.port, { retryForMs: isNew ? 0 : 60_000 });
    if (isNew) {
      await receiver.event('interrupted', id);
      await sender.event('ended', id);
      await receiver.stop();
      const { identity, directory, home } = receiver;
      receiver = await bench.receiver({ identity, fs: disk.fs, place: { directory, home } });
      await receiver.event('restored', id);
      const again = await sender.send([root], receiver.port);
      expect(await delivered(again)).toEqual({
        files: 3,
        failed: [['photos/bad', 'PLACE_REFUSED']],
      });
    } else {
      expect(await delivered(id)).toEqual({ files: 3, failed: [['photos/bad', 'PLACE_REFUSED']] });
    }
    expect(disk.asked).toEqual(['bad']);
    expect(entryAt(join(receiver.directory, 'photos/z-big')).hash).toBe(
      entryAt(join(root, 'z-big')).hash,
    );
    await proxy.stop();
  },
);

test.each([false, true])(
  'what goes into a folder that may not be written to any more fails alone (as a folder: %s)',
  async (isFolder) => {
    const names = isFolder ? ['a', 'sub/new/b', 'sub/new/c'] : ['a', 'sub/b', 'sub/c'];
    const root = photos(...names);
    mkdirSync(join(receiver.directory, 'photos/sub'), { recursive: true });
    disk.closing.add('sub');
    receiver.accepts = false;
    const id = await sender.send([root], receiver.port);
    await receiver.event('offered', id);
    await receiver.accept(id, receiver.directory, { forAll: 'skipIdentical', items: {} });
    const failed = names.slice(1).map((name) => [`photos/${name}`, 'NO_PERMISSION']);
    expect(await delivered(id)).toEqual({ files: 1, failed });
    expect(saved()).toEqual(['photos', 'photos/a', 'photos/sub']);
    const { theirs, ours } = await listed(id);
    const words = names.slice(1).map((name) => `photos/${name} failed NO_PERMISSION`);
    expect([theirs.slice(1), ours.slice(1)]).toEqual([words, words]);
  },
);

test('one file that is to be replaced in such a folder stays what it was', async () => {
  const root = photos('a', 'sub/b');
  const there = putFile(join(receiver.directory, 'photos/sub/b'), 77, 9);
  const before = entryAt(there);
  disk.closing.add('sub');
  receiver.accepts = false;
  const id = await sender.send([root], receiver.port);
  await receiver.event('offered', id);
  await receiver.accept(id, receiver.directory, { forAll: 'replace', items: {} });
  expect(await delivered(id)).toEqual({ files: 1, failed: [['photos/sub/b', 'NO_PERMISSION']] });
  expect(entryAt(there)).toEqual(before);
});
