import fs from 'node:fs';
import { basename, dirname } from 'node:path';
import type { FileSystem } from '../../electron/engine/transfer/ports.ts';
import { plainPath } from './plain-path.ts';

/** A real disk that does not take some names: to make them, to link to them, or to write much under them. */
export class ChoosyDisk {
  /** By the last name of a path: what making it answers. */
  readonly refused = new Map<string, string>();
  /** By the last name of a path: how long a file under it may be. */
  readonly mostBytes = new Map<string, number>();
  /** Folders in which nothing can be made, by their names, from the first byte on that is received. */
  readonly closing = new Set<string>();
  #isClosed = false;
  /** What was asked for, and refused. */
  readonly asked: string[] = [];
  readonly #nameOf = new Map<number, string>();

  readonly fs: Partial<FileSystem> = {
    accessSync: (path, mode) => {
      if (this.#isClosedAt(plainPath(String(path)))) throw failure('EACCES');
      fs.accessSync(path, mode);
    },
    linkSync: (from, to) => {
      this.#mustTake(String(to));
      fs.linkSync(from, to);
    },
    mkdirSync: ((path: string, ...rest: never[]) => {
      this.#mustTake(path);
      fs.mkdirSync(path, ...rest);
    }) as FileSystem['mkdirSync'],
    openSync: (path, flags, mode) => {
      const isNew = flags === 'wx' || (Number(flags) & fs.constants.O_CREAT) !== 0;
      if (isNew) this.#mustTake(String(path));
      const fd = fs.openSync(path, flags, mode);
      this.#nameOf.set(fd, basename(String(path)));
      return fd;
    },
    renameSync: (from, to) => {
      this.#mustTake(String(to));
      fs.renameSync(from, to);
    },
    writeSync: ((fd: number, bytes: Uint8Array, at: number, length: number, position: number) => {
      this.#isClosed ||= this.#nameOf.get(fd)?.endsWith('.part') === true;
      const most = this.mostBytes.get(this.#nameOf.get(fd) ?? '') ?? Infinity;
      if (position + length > most) throw failure('EFBIG');
      return fs.writeSync(fd, bytes, at, length, position);
    }) as FileSystem['writeSync'],
  };

  #isClosedAt(path: string): boolean {
    return this.#isClosed && this.closing.has(basename(path));
  }

  #mustTake(path: string): void {
    const name = basename(path);
    const isClosed = this.#isClosedAt(dirname(plainPath(path)));
    const code = isClosed ? 'EACCES' : this.refused.get(name);
    if (code === undefined) return;
    this.asked.push(name);
    throw failure(code);
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
