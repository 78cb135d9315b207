import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Staging } from '../../../electron/engine/transfer/staging.ts';
import type { Published } from '../../support/windows-disk.ts';
import {
  NO_LINKS,
  PATIENCE_MS,
  WindowsDisk,
  folder,
  here,
  part,
  publisherOn,
  useFolder,
} from '../../support/windows-disk.ts';

/** If this fails, a virus scanner that looks at what has just arrived on Windows makes the transfer fail. */

useFolder();

test.each([
  ['with links', {}],
  ['without links', NO_LINKS],
] as const)('a file that is looked at gets its name, and its part goes (%s)', async (_, more) => {
  const disk = new WindowsDisk(more);
  const { publisher, named } = publisherOn(disk, 'a.txt');
  const file = part();
  disk.open.add(file.part);
  disk.letGoAtWait(3);
  publisher.add(file);
  await publisher.settled();
  await publisher.tidy();
  expect(named).toEqual([[here('a.txt'), false]]);
  expect(readdirSync(folder)).toEqual(['a.txt']);
  expect(readFileSync(here('a.txt'), 'utf8')).toBe('new');
});

test('no name is taken while somebody waits, and what is saved there meanwhile stays', async () => {
  const disk = new WindowsDisk(NO_LINKS);
  const { publisher, named } = publisherOn(disk, 'a.txt');
  const file = part();
  disk.open.add(file.part);
  disk.onWait = (wait) => {
    expect(readdirSync(folder)).toEqual(wait === 1 ? ['.part'] : ['.part', 'a.txt']);
    if (wait === 1) writeFileSync(here('a.txt'), 'theirs');
    if (wait === 2) disk.open.clear();
  };
  publisher.add(file);
  await publisher.settled();
  expect(named).toEqual([[here('a (2).txt'), false]]);
  expect(readFileSync(here('a.txt'), 'utf8')).toBe('theirs');
});

test('a name that is looked at in the moment it is taken is taken all the same', async () => {
  const disk = new WindowsDisk(NO_LINKS);
  const { publisher, named } = publisherOn(disk, 'a.txt');
  disk.open.add(here('a.txt'));
  disk.letGoAtWait(3);
  publisher.add(part());
  await publisher.settled();
  expect(named).toEqual([[here('a.txt'), false]]);
  expect(readdirSync(folder)).toEqual(['a.txt']);
  expect(readFileSync(here('a.txt'), 'utf8')).toBe('new');
});

test('many that are let go soon do not add up, nor does one that is not', async () => {
  const disk = new WindowsDisk(NO_LINKS);
  const { publisher, named } = publisherOn(disk, 'a.txt');
  const file = part();
  disk.onWait = (wait) => {
    if (wait % 2 === 0) disk.open.clear();
  };
  for (let n = 0; n < 1_000; n++) {
    writeFileSync(file.part, 'new');
    disk.open.add(file.part);
    publisher.add(file);
    await publisher.settled();
    rmSync(here('a.txt'));
  }
  expect(disk.waitedMs).toBeGreaterThan(PATIENCE_MS);
  expect(named).toHaveLength(1_000);
});

function staged(): Staging {
  mkdirSync(here('.staging'));
  writeFileSync(here('.staging', 'x'), 'x');
  const top = { name: 'trip', path: here('.staging'), published: false, planned: null };
  return { folders: [top], setPublished: () => undefined } as unknown as Staging;
}

async function nameFolder({ publisher }: Published): Promise<string[]> {
  const paths: string[] = [];
  await publisher.folders(staged(), {
    isLeft: () => true,
    onPublished: (_name, path) => paths.push(path),
    onRefused: () => Promise.reject(new Error('refused')),
  });
  return paths;
}

test('a folder in which a file is looked at gets its name when that is let go', async () => {
  const disk = new WindowsDisk();
  disk.open.add(here('.staging', 'x'));
  disk.letGoAtWait(4);
  expect(await nameFolder(publisherOn(disk, ''))).toEqual([here('trip')]);
  expect(readdirSync(here('trip'))).toEqual(['x']);
});

test('an empty folder that somebody makes there meanwhile is theirs, and ours gets a number', async () => {
  const disk = new WindowsDisk();
  disk.open.add(here('.staging', 'x'));
  disk.onWait = (wait) => {
    expect(existsSync(here('trip'))).toBe(wait > 1);
    if (wait === 1) mkdirSync(here('trip'));
    if (wait === 2) disk.open.clear();
  };
  expect(await nameFolder(publisherOn(disk, ''))).toEqual([here('trip (2)')]);
  expect(readdirSync(here('trip'))).toEqual([]);
});

test('a folder in which something is never let go fails in words, and nothing of it is lost', async () => {
  const disk = new WindowsDisk();
  disk.open.add(here('.staging', 'x'));
  await expect(nameFolder(publisherOn(disk, ''))).rejects.toMatchObject({
    code: 'FILE_IN_USE',
    details: { path: here('trip'), reason: 'EPERM' },
  });
  expect(readdirSync(folder)).toEqual(['.staging']);
});

test('what is never let go fails in words, and nothing of it is lost', async () => {
  const disk = new WindowsDisk(NO_LINKS);
  const { publisher } = publisherOn(disk, 'a.txt');
  const file = part();
  disk.open.add(file.part);
  publisher.add(file);
  await expect(publisher.settled()).rejects.toMatchObject({ code: 'FILE_IN_USE' });
  expect(disk.waitedMs).toBeGreaterThanOrEqual(PATIENCE_MS);
  expect(disk.waitedMs).toBeLessThan(PATIENCE_MS + 1_000);
  expect(readdirSync(folder)).toEqual(['.part']);
});

test('nobody waits for what is wanted no more, nor where names are not as on Windows', async () => {
  const disk = new WindowsDisk(NO_LINKS);
  const stopped = publisherOn(disk, 'a.txt');
  disk.onWait = () => (stopped.isWanted = false);
  disk.open.add(here('.part'));
  stopped.publisher.add(part());
  await expect(stopped.publisher.settled()).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(disk.waitedMs).toBeLessThan(1_000);

  const other = new WindowsDisk(NO_LINKS);
  other.open.add(here('.part'));
  Object.assign(other.fs, { isWindows: false });
  const { publisher } = publisherOn(other, 'a.txt');
  publisher.add(part());
  await expect(publisher.settled()).rejects.toMatchObject({ code: 'FILE_IN_USE' });
  expect(other.waitedMs).toBe(0);
});

test('a folder takes no name on Windows before it has it: an empty one could not be taken back', async () => {
  const disk = new WindowsDisk();
  const { mkdirSync: make } = disk.fs;
  Object.assign(disk.fs, {
    mkdirSync: (path: string) => {
      make(path);
      if (path === here('trip')) disk.open.add(path); // looked into as soon as it is there
    },
  });
  expect(await nameFolder(publisherOn(disk, ''))).toEqual([here('trip')]);
  expect(readdirSync(folder)).toEqual(['trip']);
});
