import { readFileSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pageOf } from '../../../electron/engine/transfer/file-rows.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import {
  SentList,
  sentListName,
  sentListsIn,
} from '../../../electron/engine/transfer/sent-list.ts';
import { pruneSentLists } from '../../../electron/engine/transfer/write-sent-list.ts';
import type { FilePage } from '../../../shared/model/file-list.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { GatedDisk } from '../../support/gated-disk.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/** If these fail, whoever sends is told wrongly what became of a file, or what is sent again is another one. */

const MIB = 1024 * 1024;

let bench: Bench;
let sender: TestSender;
let receiver: TestReceiver;
let disk: GatedDisk;

beforeEach(async () => {
  bench = new Bench();
  disk = new GatedDisk();
  [sender, receiver] = await Promise.all([bench.sender(), bench.receiver({ fs: disk.fs })]);
  sender.home = bench.path('sender-home');
  await sender.start('sender');
});
afterEach(() => bench.remove());

const said = ({ files }: FilePage): string[] =>
  files.map(({ path, state, code }) => `${path} ${state}${code === null ? '' : ` ${code}`}`);

const listPath = (transferId: TransferId): string =>
  join(sentListsIn(sender.home ?? ''), sentListName(transferId));

/** As it is on the disk when the sender has stopped. */
async function kept(transferId: TransferId): Promise<FilePage> {
  await sender.stop();
  const list = await SentList.open(realFileSystem, listPath(transferId));
  if (!list) throw new Error('no list is kept');
  return pageOf(list, { text: '', filter: 'all', from: 0, count: 1_000 });
}

/** Three files of which the last is gone when it is to be sent. */
async function sendWithOneLost(): Promise<TransferId> {
  for (const name of ['a', 'b', 'deep/c']) putFile(bench.path('photos', name), 10);
  receiver.accepts = false;
  const transferId = await sender.send([bench.path('photos')], receiver.port);
  await receiver.event('offered', transferId);
  unlinkSync(bench.path('photos/deep/c'));
  await receiver.accept(transferId);
  await sender.outcome('delivered', transferId);
  receiver.accepts = true;
  return transferId;
}

test('each file waits, then is on its way, then sent; all are checked when the other side has them', async () => {
  const paths = ['one', 'two', 'three'].map((name) => putFile(bench.path(name), 12 * MIB));
  let half: (() => void) | null = null;
  const isHalf = new Promise<void>((resolve) => (half = resolve));
  disk.onWrite = (writtenBytes) => {
    if (writtenBytes > 14 * MIB) half?.();
  };
  receiver.accepts = false;
  const transferId = await sender.send(paths, receiver.port);
  await receiver.event('offered', transferId);
  const waiting = await sender.files(transferId);
  expect(waiting && said(waiting)).toEqual(['one waiting', 'two waiting', 'three waiting']);
  await receiver.accept(transferId);
  await isHalf;
  await sender.say('pause', transferId);
  await sender.paused('us', transferId);
  const half1 = await sender.files(transferId);
  expect(half1 && said(half1)[0]).toBe('one sent');
  expect(half1 && said(half1).at(-1)).toMatch(/three (waiting|sending)/);
  await sender.say('resume', transferId);
  await sender.outcome('delivered', transferId);
  expect(said(await kept(transferId))).toEqual(['one checked', 'two checked', 'three checked']);
});

test('what cannot be sent is told with its reason, and searched and filtered for', async () => {
  const transferId = await sendWithOneLost();
  const page = await kept(transferId);
  expect(said(page)).toEqual([
    'photos/a checked',
    'photos/b checked',
    'photos/deep/c failed SOURCE_CHANGED',
  ]);
  expect(page.counts).toEqual({ all: 3, failed: 1, renamed: 0, skipped: 0 });
  expect(page.files.map(({ savedAs, at }) => [savedAs, at])).toEqual([
    [bench.path('photos/a'), 0],
    [bench.path('photos/b'), 1],
    [bench.path('photos/deep/c'), 2],
  ]);
  const list = await SentList.open(realFileSystem, listPath(transferId));
  const all = { text: '', filter: 'all', from: 0, count: 10 } as const;
  const find = async (query: object) => list && said(await pageOf(list, { ...all, ...query }));
  expect(await find({ filter: 'failed' })).toEqual(['photos/deep/c failed SOURCE_CHANGED']);
  expect(await find({ text: 'PHOTOS b' })).toEqual(['photos/b checked']);
  expect(await find({ from: 1, count: 1 })).toEqual(['photos/b checked']);
  expect(await find({ text: 'b', filter: 'failed' })).toEqual([]);
});

test('what is there already counts as skipped, and not when it came by an earlier connection', async () => {
  const path = putFile(bench.path('same'), 10);
  writeFileSync(join(receiver.directory, 'same'), readFileSync(path));
  receiver.accepts = false;
  const transferId = await sender.send([path], receiver.port);
  await receiver.event('offered', transferId);
  const existing = { forAll: 'skipIdentical', items: {} } as const;
  await receiver.accept(transferId, receiver.directory, existing);
  await sender.outcome('delivered', transferId);
  expect(said(await kept(transferId))).toEqual(['same skipped']);
});

test('what the other side does not want is no failure, and is not sent again', async () => {
  const paths = ['wanted', 'left'].map((name) => putFile(bench.path(name), 10));
  receiver.choice = [{ path: ['left'], wanted: false }];
  const transferId = await sender.send(paths, receiver.port);
  await sender.outcome('delivered', transferId);
  expect(said(await kept(transferId))).toEqual(['wanted checked', 'left unwanted']);
});

describe('what failed is sent again', () => {
  const again = (failedOf: TransferId) =>
    sender.send([], receiver.port, { source: { kind: 'paths', paths: [], failedOf } });

  test('by itself, under the path that it had', async () => {
    const before = await sendWithOneLost();
    putFile(bench.path('photos/deep/c'), 20);
    putFile(bench.path('photos/new'), 20);
    const transferId = await again(before);
    const { items, totals } = await sender.event('prepared', transferId);
    expect([items, totals]).toEqual([
      [{ name: 'photos', kind: 'folder' }],
      { files: 1, directories: 0, bytes: 20 },
    ]);
    await sender.outcome('delivered', transferId);
    expect(readdirSync(join(receiver.directory, 'photos (2)/deep'))).toEqual(['c']);
    expect(said(await kept(transferId))).toEqual(['photos/deep/c checked']);
  });

  test('without what the other side did not want', async () => {
    const paths = ['left', 'lost', 'wanted'].map((name) => putFile(bench.path(name), 10));
    receiver.accepts = false;
    receiver.choice = [{ path: ['left'], wanted: false }];
    const before = await sender.send(paths, receiver.port);
    await receiver.event('offered', before);
    unlinkSync(bench.path('lost'));
    await receiver.accept(before);
    await sender.outcome('delivered', before);
    receiver.accepts = true;
    receiver.choice = [];
    putFile(bench.path('lost'), 20);
    const { items } = await sender.event('prepared', await again(before));
    expect(items).toEqual([{ name: 'lost', kind: 'file' }]);
  });

  test('after a restart too', async () => {
    const before = await sendWithOneLost();
    await sender.stop();
    putFile(bench.path('photos/deep/c'), 20);
    const { home } = sender;
    sender = await bench.sender({ identity: sender.identity });
    sender.home = home;
    await sender.start('sender');
    await sender.outcome('delivered', await again(before));
  });

  test('and what is still not there is said by name', async () => {
    const transferId = await again(await sendWithOneLost());
    const { failure } = await sender.outcome('failed', transferId);
    expect(failure).toEqual({ code: 'PATH_NOT_FOUND', details: { path: 'photos/deep/c' } });
  });

  test('and nothing through a link that has come in the place of a folder', async () => {
    const before = await sendWithOneLost();
    rmSync(bench.path('photos/deep'), { recursive: true });
    putFile(bench.path('elsewhere/c'), 20);
    realFileSystem.linkSync(bench.path('elsewhere/c'), bench.path('kept'));
    const { symlinkSync } = await import('node:fs');
    symlinkSync(bench.path('elsewhere'), bench.path('photos/deep'));
    const { failure } = await sender.outcome('failed', await again(before));
    expect(failure.code).not.toBe('INTERNAL');
    expect(readdirSync(receiver.directory)).toEqual(['photos']);
  });

  test('but not where nothing tells any more what that was', async () => {
    const before = await sendWithOneLost();
    await sender.stop();
    rmSync(listPath(before));
    sender = await bench.sender({ identity: sender.identity });
    const { failure } = await sender.outcome('failed', await again(before));
    expect(failure.code).toBe('NO_FILE_LIST');
  });
});

test('a list that is damaged is none', async () => {
  const transferId = await sendWithOneLost();
  await kept(transferId);
  const path = listPath(transferId);
  const text = readFileSync(path, 'utf8');
  for (const damaged of ['', '\n', 'x', text.slice(0, 40), text.slice(0, -1), `${text}[1,"x"]\n`]) {
    writeFileSync(path, damaged);
    expect(await SentList.open(realFileSystem, path)).toBeNull();
  }
});

test('the oldest lists go where they are too many or too long', () => {
  const folder = bench.path('lists');
  const sizes = [100, 200, 300];
  sizes.forEach((bytes, at) => {
    const path = putFile(join(folder, `list ${at}`), bytes);
    realFileSystem.lutimesSync(path, at, at);
  });
  pruneSentLists(realFileSystem, folder, 500);
  expect(readdirSync(folder)).toEqual(['list 1', 'list 2']);
  pruneSentLists(realFileSystem, folder, 100);
  expect(readdirSync(folder)).toEqual(['list 2']);
});

test('a list that is looked at on Windows is replaced by the newer one all the same', async () => {
  let busy = 2;
  const renameSync: FileSystem['renameSync'] = (from, to) => {
    if (String(to).includes(sentListsIn('')) && busy-- > 0) {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    }
    realFileSystem.renameSync(from, to);
  };
  sender = await bench.sender({ fs: { isWindows: true, renameSync } });
  sender.home = bench.path('windows-home');
  await sender.start('sender');
  const transferId = await sendWithOneLost();
  expect((await kept(transferId)).files).toHaveLength(3);
  expect(busy).toBeLessThan(0);
});
