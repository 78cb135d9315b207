import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FileSystem } from '../../electron/engine/transfer/ports.ts';

const ILLEGAL = /[:<>"|?*\\]|[. ]$/u;

/** A real folder that behaves as a stick with FAT does on Linux: its names, its links, its letters, its type. */
export const stick: Partial<FileSystem> = {
  linkSync: () => {
    throw failure('EPERM');
  },
  mkdirSync: ((path: string, ...rest: never[]) => {
    mustBeLegal(path);
    if (inOtherLetters(path) !== null) throw failure('EEXIST');
    fs.mkdirSync(path, ...rest);
  }) as FileSystem['mkdirSync'],
  openSync: (path, flags, mode) => {
    const name = String(path);
    if (typeof flags !== 'number' || (flags & fs.constants.O_CREAT) === 0) {
      return fs.openSync(name, flags, mode);
    }
    mustBeLegal(name);
    const met = inOtherLetters(name);
    if (met !== null && (flags & fs.constants.O_EXCL) !== 0) throw failure('EEXIST');
    return fs.openSync(met ?? name, flags, mode);
  },
  renameSync: (from, to) => {
    mustBeLegal(String(to));
    fs.renameSync(from, inOtherLetters(String(to)) ?? to);
  },
  statfsSync: ((path: string) =>
    Object.assign(fs.statfsSync(path), { type: 0x4d44 })) as FileSystem['statfsSync'],
};

function mustBeLegal(path: string): void {
  if (ILLEGAL.test(basename(path))) throw failure('EINVAL');
}

/** null: no file has this name in any letters, or it has exactly these. */
function inOtherLetters(path: string): string | null {
  const wanted = basename(path);
  const met = fs
    .readdirSync(dirname(path))
    .find((name) => name !== wanted && name.toLowerCase() === wanted.toLowerCase());
  return met === undefined ? null : join(dirname(path), met);
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
