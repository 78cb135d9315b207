import { lstatSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stampOf } from '../../../electron/engine/transfer/merge-plan.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import {
  NO_LINKS,
  PATIENCE_MS,
  TOKEN,
  WindowsDisk,
  here,
  part,
  publisherOn,
  useFolder,
} from '../../support/windows-disk.ts';

/** If this fails, a file that is open in another program on Windows is replaced when it may not be, or lost. */

useFolder();

test.each([
  ['with links', {}],
  ['without links', NO_LINKS],
] as const)('a file is replaced when it is let go, as it was then (%s)', async (_, more) => {
  const disk = new WindowsDisk(more);
  writeFileSync(here('a.txt'), 'old');
  const stamp = stampOf(lstatSync(here('a.txt'), { bigint: true }));
  const { publisher, named } = publisherOn(disk, 'a.txt', stamp);
  disk.open.add(here('a.txt'));
  disk.letGoAtWait(2);
  publisher.add(part());
  await publisher.settled();
  expect(named).toEqual([[here('a.txt'), true]]);
  expect(readFileSync(here('a.txt'), 'utf8')).toBe('new');
  expect(readFileSync(here(`.dropline-undo-${TOKEN}`, '0'), 'utf8')).toBe('old');
});

test('one that is open to be worked in is not waited for long: the new one gets a number', async () => {
  const disk = new WindowsDisk();
  writeFileSync(here('a.txt'), 'old');
  const stamp = stampOf(lstatSync(here('a.txt'), { bigint: true }));
  const { publisher, named } = publisherOn(disk, 'a.txt', stamp);
  disk.open.add(here('a.txt'));
  publisher.add(part());
  await publisher.settled();
  expect(named).toEqual([[here('a (2).txt'), false]]);
  expect(readFileSync(here('a.txt'), 'utf8')).toBe('old');
  expect(disk.waitedMs).toBeLessThan(PATIENCE_MS / 4);
});

test('where the new one cannot take the place of the old one, that has its name again', async () => {
  const disk = new WindowsDisk(NO_LINKS);
  writeFileSync(here('a.txt'), 'old');
  const stamp = stampOf(lstatSync(here('a.txt'), { bigint: true }));
  const { publisher, named } = publisherOn(disk, 'a.txt', stamp);
  disk.open.add(here('.part'));
  disk.letGoAtWait(1);
  publisher.add(part());
  await publisher.settled();
  expect(named).toEqual([[here('a (2).txt'), false]]);
  expect(readFileSync(here('a.txt'), 'utf8')).toBe('old');
});

test('where the old one cannot have its name again, that is no second copy but an error', async () => {
  const disk = new WindowsDisk({
    ...NO_LINKS,
    openSync: (path, ...how) => {
      if (String(path) === here('a.txt')) disk.open.add(here('a.txt')); // looked at as soon as it is there
      return realFileSystem.openSync(path, ...how);
    },
  });
  writeFileSync(here('a.txt'), 'old');
  const stamp = stampOf(lstatSync(here('a.txt'), { bigint: true }));
  const { publisher, named } = publisherOn(disk, 'a.txt', stamp);
  publisher.add(part());
  await expect(publisher.settled()).rejects.toMatchObject({ code: 'DISK_ERROR' });
  expect(named).toEqual([]);
  expect(readFileSync(here(`.dropline-undo-${TOKEN}`, '0'), 'utf8')).toBe('old');
  expect(readFileSync(here('.part'), 'utf8')).toBe('new');
});

test.each([
  ['with links', {}],
  ['without links', NO_LINKS],
] as const)('what is saved there while it is waited for is not replaced (%s)', async (_, more) => {
  const disk = new WindowsDisk(more);
  writeFileSync(here('a.txt'), 'old');
  const stamp = stampOf(lstatSync(here('a.txt'), { bigint: true }));
  const { publisher, named } = publisherOn(disk, 'a.txt', stamp);
  disk.open.add(here('a.txt'));
  disk.onWait = (wait) => {
    if (wait !== 2) return;
    writeFileSync(here('a.txt'), 'saved meanwhile');
    utimesSync(here('a.txt'), 1, 1);
    disk.open.clear();
  };
  publisher.add(part());
  await publisher.settled();
  expect(named).toEqual([[here('a (2).txt'), false]]);
  expect(readFileSync(here('a.txt'), 'utf8')).toBe('saved meanwhile');
});
