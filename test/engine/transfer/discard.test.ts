import {
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeliveryOptions } from '../../../electron/engine/transfer/delivery-options.ts';
import { discardStaged } from '../../../electron/engine/transfer/discard.ts';
import { diskBelow } from '../../../electron/engine/transfer/folder-disk.ts';
import { Journal } from '../../../electron/engine/transfer/journal.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { removalSteps } from '../../../electron/engine/transfer/staged-removal.ts';
import { stagingPrefix } from '../../../electron/engine/transfer/staging.ts';
import { atOnce } from '../../../shared/protocol/steps.ts';
import { journalHeader } from '../../support/journal-header.ts';

/** If these fail, what a delivery leaves behind stays for good, or what it replaced cannot come back. */

const TOKEN = '0123456789abcdef';
let folder: string;
let inbox: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-discard-'));
  inbox = join(folder, 'inbox');
  mkdirSync(inbox);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const header = () =>
  journalHeader({
    token: TOKEN,
    peer: { id: null, name: '', address: '' },
    directory: inbox,
    totals: { files: 1, directories: 0, bytes: 0 },
  });

/** As many files under hidden names. */
function stage(count: number): void {
  for (let n = 0; n < count; n++)
    writeFileSync(join(inbox, `${stagingPrefix(TOKEN)}${n}.part`), '');
}

function isWrite(flags: unknown): boolean {
  const { O_WRONLY, O_RDWR } = constants;
  return typeof flags === 'number' && (flags & (O_WRONLY | O_RDWR)) !== 0;
}

test('where the journal cannot be read for now, it stays with what it says of replaced files', async () => {
  const path = join(folder, 'journal');
  const receipt = join(folder, 'receipt');
  let isBusy = true;
  const openSync: FileSystem['openSync'] = (name, flags, mode) => {
    const isRead = name === path && !isWrite(flags);
    if (isBusy && isRead) throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
    return realFileSystem.openSync(name, flags, mode);
  };
  const fs = { ...realFileSystem, openSync };
  const place = `.dropline-undo-${TOKEN}`;
  const kept = `${place}/0`;
  mkdirSync(join(inbox, place));
  writeFileSync(join(inbox, kept), 'old');
  stage(1);
  const journal = Journal.write(fs, path, header(), [{ bytes: 0, saved: ['a'] }]);
  const hash = '00'.repeat(32);
  journal.append({ record: 'replacing', index: 0, path: join(inbox, 'a'), kept, hash });
  const options = { fs: diskBelow(fs, inbox), journal, directory: inbox, token: TOKEN };
  await discardStaged(options as unknown as DeliveryOptions, receipt);
  expect(readdirSync(inbox)).toEqual([place]);
  expect([existsSync(path), existsSync(receipt)]).toEqual([true, false]);
  isBusy = false;
  const later = { ...options, journal: Journal.reopen(fs, path) };
  await discardStaged(later as unknown as DeliveryOptions, receipt);
  expect([existsSync(path), existsSync(receipt)]).toEqual([false, true]);
});

test('what is below a folder already is gone through once', () => {
  let stats = 0;
  const statSync = ((...args: Parameters<typeof realFileSystem.statSync>) => {
    stats++;
    return realFileSystem.statSync(...args);
  }) as typeof realFileSystem.statSync;
  const fs = { ...realFileSystem, statSync };
  const statsOf = (disk: FileSystem): number => {
    stage(50);
    stats = 0;
    expect(atOnce(removalSteps(disk, inbox, TOKEN))).toBe(true);
    expect(readdirSync(inbox)).toEqual([]);
    return stats;
  };
  const plain = statsOf(fs);
  expect(statsOf(diskBelow(fs, inbox))).toBe(plain);
});

test('the disk of one folder is not that of another', () => {
  const disk = diskBelow(realFileSystem, inbox);
  expect(diskBelow(disk, inbox)).toBe(disk);
  expect(diskBelow(disk, folder)).not.toBe(disk);
});
