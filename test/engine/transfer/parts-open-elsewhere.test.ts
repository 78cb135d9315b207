import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { DeliveryOptions } from '../../../electron/engine/transfer/delivery-options.ts';
import { Journal } from '../../../electron/engine/transfer/journal.ts';
import type { JournalContent } from '../../../electron/engine/transfer/journal-records.ts';
import { PartFiles } from '../../../electron/engine/transfer/part-files.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { lookThrough } from '../../../electron/engine/transfer/restored.ts';
import { Staging } from '../../../electron/engine/transfer/staging.ts';
import { undoReplacements } from '../../../electron/engine/transfer/undo.ts';
import { sha256 } from '../../support/memory-tree.ts';
import { journalHeader } from '../../support/journal-header.ts';
import { plainPath } from '../../support/plain-path.ts';
import {
  TOKEN,
  WindowsDisk,
  folder,
  here,
  publisherOn,
  useFolder,
} from '../../support/windows-disk.ts';
import { toHex } from '../../../shared/protocol/hash-tree.ts';

/** If these fail, a scanner that has a file open on Windows costs a delivery, a receipt or an undo. */

useFolder();

test('a file that comes to nothing while it is looked at is removed before its folder gets a name', async () => {
  const disk = new WindowsDisk();
  const { publisher } = publisherOn(disk, '');
  const entries = [{ kind: 'file', path: ['trip', 'x'], bytes: 3 }] as const;
  const staged = [{ kind: 'file', saved: ['trip', 'x'] }] as const;
  const staging = new Staging(disk.fs, folder, TOKEN, staged);
  await staging.make(() => false);
  const parts = new PartFiles({ fs: disk.fs, staging, entries, hash: 'sha256' });
  parts.openRange(0, 0);
  parts.write(Buffer.from('bad'));
  disk.open.add(staging.pathOf(0));
  parts.remove(0);
  expect(existsSync(staging.pathOf(0))).toBe(true);
  disk.letGoAtWait(2);
  await parts.removeLeft((part) => publisher.removePart(part));
  expect(existsSync(staging.pathOf(0))).toBe(false);
  expect(parts.indexes).toEqual([]);
});

test('one that comes again after that is not removed', async () => {
  const disk = new WindowsDisk();
  const { publisher } = publisherOn(disk, '');
  const entries = [{ kind: 'file', path: ['a'], bytes: 3 }] as const;
  const staging = new Staging(disk.fs, folder, TOKEN, [{ kind: 'file', saved: ['a'] }]);
  const parts = new PartFiles({ fs: disk.fs, staging, entries, hash: 'sha256' });
  parts.openRange(0, 0);
  parts.write(Buffer.from('bad'));
  disk.open.add(staging.pathOf(0));
  parts.remove(0);
  parts.openRange(0, 0);
  parts.write(Buffer.from('new'));
  parts.suspend();
  disk.open.clear();
  await parts.removeLeft((part) => publisher.removePart(part));
  expect(readFileSync(staging.pathOf(0), 'utf8')).toBe('new');
});

/** As often as that, the disk says that somebody has it open. */
function busy(times: number, isMeant: (path: string) => boolean): FileSystem {
  let left = times;
  const mayGo = (...paths: readonly unknown[]): void => {
    if (left === 0 || !paths.some((path) => isMeant(plainPath(String(path))))) return;
    left--;
    throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
  };
  return {
    ...realFileSystem,
    isWindows: true,
    unlinkSync: (path) => {
      mayGo(path);
      unlinkSync(path);
    },
    renameSync: (from, to) => {
      mayGo(from, to);
      renameSync(from, to);
    },
  };
}

test('a journal that is looked at when it becomes a receipt becomes one', async () => {
  const path = here('journal');
  const fs = busy(2, (one) => one === path);
  const journal = Journal.write(fs, path, journalHeader({ directory: folder }), []);
  await journal.complete('00', here('receipt'));
  expect(readdirSync(folder)).toEqual(['receipt']);
});

test.each([1, 2, 3])('a file that is looked at comes back all the same (%i)', async (times) => {
  const kept = `.dropline-undo-${TOKEN}/0`;
  mkdirSync(join(folder, `.dropline-undo-${TOKEN}`));
  writeFileSync(here(kept), 'old');
  writeFileSync(here('a.txt'), 'new');
  const hash = toHex(sha256(sha256(Buffer.from('new'))));
  const content: JournalContent = {
    header: journalHeader({ directory: folder, token: TOKEN }),
    list: [{ bytes: 3, saved: ['a.txt'] }],
    facts: [{ record: 'replacing', index: 0, path: here('a.txt'), kept, hash }],
  };
  const moved = await undoReplacements(
    busy(times, () => true),
    content,
    () => true,
  );
  expect(moved).toEqual([{ from: here('a.txt'), to: here('a (2).txt') }]);
  expect(readFileSync(here('a.txt'), 'utf8')).toBe('old');
  expect(readFileSync(here('a (2).txt'), 'utf8')).toBe('new');
  expect(readdirSync(folder).sort()).toEqual(['a (2).txt', 'a.txt']);
});

test('what a crash left half named is taken back when it is let go', async () => {
  const fs = busy(1, () => true);
  const entries = [{ kind: 'file', path: ['a.txt'], bytes: 3 }] as const;
  const staging = new Staging(fs, folder, TOKEN, [{ kind: 'file', saved: ['a.txt'] }]);
  writeFileSync(staging.pathOf(0), 'new');
  linkSync(staging.pathOf(0), here('a.txt'));
  const options = {
    fs,
    directory: folder,
    token: TOKEN,
    entries,
    saved: [['a.txt']],
    hash: 'sha256',
  };
  const facts = [{ record: 'publishing', index: 0, path: here('a.txt') }] as const;
  const found = await lookThrough(
    options as unknown as DeliveryOptions,
    staging,
    facts,
    () => true,
  );
  expect(found.begun).toEqual([0]);
  expect(readdirSync(folder)).toEqual([basename(staging.pathOf(0))]);
});
