import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DeliveryOptions } from '../../../electron/engine/transfer/delivery-options.ts';
import { discardStaged } from '../../../electron/engine/transfer/discard.ts';
import { diskBelow } from '../../../electron/engine/transfer/folder-disk.ts';
import { JournalShelf } from '../../../electron/engine/transfer/journal-shelf.ts';
import type { Fact } from '../../../electron/engine/transfer/journal-records.ts';
import { Journal } from '../../../electron/engine/transfer/journal.ts';
import { PlainFile } from '../../../electron/engine/transfer/plain-file.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { partPathOf } from '../../../electron/engine/transfer/staging.ts';
import { journalHeader } from '../../support/journal-header.ts';
import { plainPath } from '../../support/plain-path.ts';
import { TOKEN, folder, here, useFolder } from '../../support/windows-disk.ts';

/** If these fail, a disk without links keeps a file of a few bytes under a name that nothing came to. */

useFolder();

const PLACEHOLDER = `dropline ${TOKEN}\n`;
const kept = `.dropline-undo-${TOKEN}/0`;
const hash = '00'.repeat(32);

function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const header = (id: string | null) =>
  journalHeader({
    token: TOKEN,
    peer: { id: id as never, name: '', address: '' },
    directory: here('inbox'),
    totals: { files: 1, directories: 0, bytes: 0 },
  });

/** A shelf with the journal of a delivery, whose part is on the disk. */
function left(peer: string | null, ...facts: readonly Fact[]): JournalShelf {
  mkdirSync(here('inbox'));
  mkdirSync(here('home'));
  const shelf = new JournalShelf(realFileSystem, here('home'));
  const { transferId } = header(peer);
  const list = [{ bytes: 3, saved: ['a.txt'] }];
  const journal = Journal.write(realFileSystem, shelf.pathOf(transferId), header(peer), list);
  journal.append(...facts);
  void journal.close();
  writeFileSync(partPathOf(here('inbox'), TOKEN, 0), 'new');
  return shelf;
}

const visible = (): string[] => readdirSync(here('inbox')).filter((name) => !name.startsWith('.'));

const publishing = (): Fact => ({
  record: 'publishing',
  index: 0,
  path: here('inbox', 'a.txt'),
});
const replacing = (): Fact => ({
  record: 'replacing',
  index: 0,
  path: here('inbox', 'a.txt'),
  kept,
  hash,
});

async function discardLive(shelf: JournalShelf): Promise<void> {
  const fs = diskBelow(realFileSystem, here('inbox'));
  const { transferId } = header(null);
  const journal = Journal.reopen(realFileSystem, shelf.pathOf(transferId));
  const options = { fs, journal, directory: here('inbox'), token: TOKEN };
  await discardStaged(options as unknown as DeliveryOptions, shelf.receiptOf(transferId));
}

async function discardAtStart(shelf: JournalShelf): Promise<void> {
  expect(await shelf.takeStock()).toEqual([]);
}

test.each([
  ['a delivery that is cancelled', discardLive],
  ['a bare exchange that was cut', discardAtStart],
] as const)('%s leaves no placeholder', async (_, discard) => {
  const shelf = left(null, publishing());
  writeFileSync(here('inbox', 'a.txt'), PLACEHOLDER);
  await discard(shelf);
  expect(readdirSync(here('inbox'))).toEqual([]);
  expect(existsSync(shelf.pathOf(header(null).transferId))).toBe(false);
});

test.each([discardLive, discardAtStart])(
  'what somebody has there by then stays',
  async (discard) => {
    const shelf = left(null, publishing());
    writeFileSync(here('inbox', 'a.txt'), '');
    await discard(shelf);
    expect(readdirSync(here('inbox'))).toEqual(['a.txt']);
  },
);

test.each([
  ['its name is free', null],
  ['a placeholder has its name', PLACEHOLDER],
] as const)('a file that was about to be replaced is where it was (%s)', async (_, there) => {
  const shelf = left(null, replacing());
  mkdirSync(here('inbox', `.dropline-undo-${TOKEN}`));
  writeFileSync(here('inbox', kept), 'old');
  if (there !== null) writeFileSync(here('inbox', 'a.txt'), there);
  await discardLive(shelf);
  expect(visible()).toEqual(['a.txt']);
  expect(readFileSync(here('inbox', 'a.txt'), 'utf8')).toBe('old');
});

/** A scanner opens the placeholder as soon as it is there, and the part. */
function scannedStick(): { fs: FileSystem; isScanned: boolean; tries: number } {
  const disk = { fs: realFileSystem, isScanned: true, tries: 0 };
  const mayGo = (path: unknown): void => {
    disk.tries++;
    if (disk.isScanned && plainPath(String(path)).endsWith('a.txt')) throw errno('EBUSY');
  };
  disk.fs = {
    ...realFileSystem,
    isWindows: true,
    linkSync: () => {
      throw errno('EISDIR');
    },
    unlinkSync: (path) => {
      mayGo(path);
      unlinkSync(path);
    },
    renameSync: (from, to) => {
      mayGo(to);
      renameSync(from, to);
    },
  };
  return disk;
}

test('a bare exchange that is stopped while it is named leaves the name at once, or at the next start', async () => {
  mkdirSync(here('inbox'));
  mkdirSync(here('home'));
  const disk = scannedStick();
  const shelf = new JournalShelf(disk.fs, here('home'));
  const { transferId } = header(null);
  const file = new PlainFile(disk.fs, shelf.pathOf(transferId), header(null), 'a.txt');
  file.write(Buffer.from('new'));
  const published = file.publish();
  while (disk.tries === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(file.giveUp()).toBe(true);
  file.discard();
  await expect(published).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(visible()).toEqual(['a.txt']); // the scanner has it still
  disk.isScanned = false;
  expect(await shelf.takeStock()).toEqual([]);
  expect(readdirSync(here('inbox'))).toEqual([]);
  expect(readdirSync(here('home', 'journal'))).toEqual([]);
});

test('what has its name cannot be given up any more', async () => {
  mkdirSync(here('inbox'));
  const file = new PlainFile(realFileSystem, join(folder, 'journal'), header(null), 'a.txt');
  file.write(Buffer.from('new'));
  expect(await file.publish()).toBe(here('inbox', 'a.txt'));
  expect(file.giveUp()).toBe(false);
  file.discard();
  expect(readdirSync(here('inbox'))).toEqual(['a.txt']);
});
