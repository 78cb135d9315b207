import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Journal } from '../../../electron/engine/transfer/journal.ts';
import { stampOf } from '../../../electron/engine/transfer/merge-plan.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { Publisher } from '../../../electron/engine/transfer/publisher.ts';
import type { Staging } from '../../../electron/engine/transfer/staging.ts';

/** If this fails, a virus scanner that looks at what has just arrived on Windows makes the transfer fail. */

const TOKEN = '0123456789abcdef';
const PATIENCE_MS = 20_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-open-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const here = (...names: readonly string[]): string => join(folder, ...names);

/** A disk on which names are as Windows keeps them, and another program that has files open. */
class WindowsDisk {
  readonly fs: FileSystem;
  readonly open = new Set<string>();
  waitedMs = 0;
  /** What happens while somebody waits; the first wait is 1. */
  onWait: (wait: number) => void = () => undefined;
  #waits = 0;

  constructor(more: Partial<FileSystem> = {}) {
    const real = { ...realFileSystem, ...more };
    this.fs = {
      ...real,
      isWindows: true,
      unlinkSync: (path) => {
        this.#mustBeClosed(String(path));
        real.unlinkSync(path);
      },
      rmdirSync: (path) => {
        this.#mustBeClosed(String(path));
        real.rmdirSync(path);
      },
      renameSync: (from, to) => {
        this.#mustBeClosed(String(from));
        this.#mustBeClosed(String(to));
        if (existsSync(to) && lstatSync(to).isDirectory()) throw errno('EPERM');
        real.renameSync(from, to);
      },
    };
  }

  readonly clock = {
    after: (ms: number, run: () => void) => {
      this.waitedMs += ms;
      this.onWait(++this.#waits);
      const turn = setImmediate(run);
      return () => clearImmediate(turn);
    },
  };

  letGoAtWait(wait: number): void {
    this.onWait = (now) => {
      if (now === wait) this.open.clear();
    };
  }

  #mustBeClosed(path: string): void {
    if (this.open.has(path)) throw errno('EBUSY');
    if ([...this.open].some((open) => open.startsWith(path + sep))) throw errno('EPERM');
  }
}

function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const NO_LINKS: Partial<FileSystem> = {
  linkSync: () => {
    throw errno('EISDIR');
  },
};

interface Published {
  readonly publisher: Publisher;
  /** Names, and whether something was replaced. */
  readonly named: (readonly [string, boolean])[];
  isWanted: boolean;
}

/** `replaces`: the file that they go over. */
function publisherOn(disk: WindowsDisk, name: string, replaces: string | null = null): Published {
  const journal = { append: () => undefined, sync: () => Promise.resolve() };
  const published: Published = {
    named: [],
    isWanted: true,
    publisher: new Publisher(
      {
        fs: disk.fs,
        journal: journal as unknown as Journal,
        directory: folder,
        token: TOKEN,
        targetOf: () => ({ directory: folder, name, replaces }),
        isWanted: () => published.isWanted,
        isSound: () => Promise.resolve(true),
        onLost: () => undefined,
        isRefused: () => false,
        onPublished: (_index, path, replaced) => published.named.push([path, replaced]),
      },
      disk.clock,
    ),
  };
  return published;
}

function part(text = 'new'): { index: number; part: string; hash: string } {
  writeFileSync(here('.part'), text);
  return { index: 0, part: here('.part'), hash: '' };
}

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
  await expect(stopped.publisher.settled()).rejects.toMatchObject({ code: 'FILE_IN_USE' });
  expect(disk.waitedMs).toBeLessThan(1_000);

  const other = new WindowsDisk(NO_LINKS);
  other.open.add(here('.part'));
  Object.assign(other.fs, { isWindows: false });
  const { publisher } = publisherOn(other, 'a.txt');
  publisher.add(part());
  await expect(publisher.settled()).rejects.toMatchObject({ code: 'FILE_IN_USE' });
  expect(other.waitedMs).toBe(0);
});

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
