import fs from 'node:fs';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem as real } from '../../../electron/engine/transfer/ports.ts';
import { scan } from '../../../electron/engine/transfer/scan.ts';
import { diskSource } from '../../../electron/engine/transfer/source.ts';
import { putFile, setTime } from '../../support/trees.ts';

/** What a sender finds on its disk, and reads of it. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-scan-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, text = name): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const signal = new AbortController().signal;

test('a scan lists what there is, in an order in which folders come before what is in them', async () => {
  putFile(join(folder, 'top', 'sub', 'a'), 3);
  mkdirSync(join(folder, 'top', 'empty'));
  const found = await scan(real, [join(folder, 'top')], signal);
  const paths = [...found.entries].map(({ path }) => path.join('/'));
  expect([...paths].sort()).toEqual(['top', 'top/empty', 'top/sub', 'top/sub/a']);
  expect(paths.indexOf('top/sub')).toBeLessThan(paths.indexOf('top/sub/a'));
  expect(found.items).toEqual([{ name: 'top', kind: 'folder' }]);
});

/** Elsewhere a name is text. */
const takesAnyBytes = process.platform === 'linux';

test('a scan leaves out names that no receiver takes, and says so', async () => {
  mkdirSync(join(folder, 'top'));
  if (takesAnyBytes) fs.writeFileSync(Buffer.from(`${folder}/top/bad\xff`, 'latin1'), '');
  putFile(join(folder, 'top', '…'), 1);
  putFile(join(folder, 'top', '. .'), 1);
  putFile(join(folder, 'top', 'good'), 1);
  const found = await scan(real, [join(folder, 'top')], signal);
  const names = [...found.entries].map(({ path }) => path.at(-1));
  expect(names).toContain('good');
  expect(names).not.toContain('. .');
  expect(found.leftOut.count + found.entries.length).toBe(takesAnyBytes ? 5 : 4);
});

test('a scan of what is not there fails, one of the same thing twice has it twice', async () => {
  const gone = scan(real, [join(folder, 'gone')], signal);
  await expect(gone).rejects.toMatchObject({ code: 'PATH_NOT_FOUND' });
  const path = put('a.txt');
  const twice = await scan(real, [path, path], signal);
  expect(twice.items.map(({ name }) => name)).toEqual(['a.txt', 'a (2).txt']);
});

test('a scan that is cancelled stops', async () => {
  for (let n = 0; n < 600; n++) put(`f${n}`);
  const abort = new AbortController();
  const scanning = scan(real, [folder], abort.signal);
  abort.abort();
  await expect(scanning).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a source reads any range, and less than asked for only at the end', async () => {
  const path = putFile(join(folder, 'a.bin'), 1000, 4);
  const source = diskSource(real, await scan(real, [path], signal));
  const file = await source.open(0);
  const target = new Uint8Array(300);
  expect(await file.read(target, 100)).toBe(300);
  expect(Buffer.from(target).equals(readFileSync(path).subarray(100, 400))).toBe(true);
  expect(await file.read(target, 900)).toBe(100);
  expect(await file.read(target, 5000)).toBe(0);
  expect(() => file.check()).not.toThrow();
  fs.appendFileSync(path, 'more');
  expect(() => file.check()).toThrow('SOURCE_CHANGED');
  file.close();
});

test.each([
  ['is gone', (path: string) => rmSync(path)],
  ['is longer', (path: string) => fs.appendFileSync(path, 'x')],
  ['has another time', (path: string) => setTime(path, 5)],
  [
    'is a link now',
    (path: string) => {
      fs.renameSync(path, `${path}.real`);
      symlinkSync(`${path}.real`, path);
    },
  ],
  [
    'is a folder now',
    (path: string) => {
      rmSync(path);
      mkdirSync(path);
    },
  ],
])(
  'a source that %s since the scan does not open, and leaves nothing open',
  async (_what, change) => {
    const open = new Set<number>();
    const disk: FileSystem = {
      ...real,
      openSync: (...args) => {
        const fd = fs.openSync(...args);
        open.add(fd);
        return fd;
      },
      closeSync: (fd) => {
        open.delete(fd);
        fs.closeSync(fd);
      },
    };
    const path = put('a.txt');
    const source = diskSource(disk, await scan(real, [path], signal));
    change(path);
    expect(() => source.open(0)).toThrow(/SOURCE_CHANGED|SOURCE_UNREADABLE/);
    expect(open.size).toBe(0);
  },
);

/** A disk whose topmost folder is `top`. */
function withRoot(top: string): FileSystem {
  const there = (path: unknown): string => join(top, String(path));
  return {
    ...real,
    realpathSync: ((path: string) => sep + relative(top, fs.realpathSync(there(path)))) as never,
    statSync: ((path: string, options: never) => real.statSync(there(path), options)) as never,
    lstatSync: ((path: string, options: never) => real.lstatSync(there(path), options)) as never,
    accessSync: (path, mode) => {
      real.accessSync(there(path), mode);
    },
    opendirSync: (path) => real.opendirSync(there(path)),
  };
}

test('a link within a whole drive is followed as within any folder', async () => {
  const top = join(fs.realpathSync(folder), 'drive');
  putFile(join(top, 'file'), 3);
  symlinkSync('file', join(top, 'link'));
  const found = await scan(withRoot(top), [sep], signal);
  expect([...found.entries].map(({ path }) => path.join('/'))).toEqual([
    'files',
    'files/file',
    'files/link',
  ]);
  expect(found.leftOut.count).toBe(0);
});
