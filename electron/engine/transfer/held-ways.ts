import { constants } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { FileSystem } from './ports.ts';
import { NO_FOLLOW } from './ports.ts';
import { attempt, errnoOf } from './system-errors.ts';
import type { Ways } from './ways.ts';
import { pathBelow, wayError } from './ways.ts';

/** Linux's; Node does not name it. What is opened so needs no leave to be read. */
const O_PATH = 0o10000000;
const DIRECTORY = O_PATH | ((constants as { readonly O_DIRECTORY?: number }).O_DIRECTORY ?? 0);

/** Directories that may stay open: twice as many as the deepest path has. */
const MAX_OPEN = 128;

/** The system lets us go through open directories: Linux, where /proc is there. */
export function canHold(fs: FileSystem, directory: string): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const fd = fs.openSync(directory, DIRECTORY);
    try {
      return keyOf(fs, fd) === keyAt(fs, `${openDirectories(fs)}${fd}/.`);
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return false;
  }
}

/**
 * Goes through open directories, each opened from the one that it is in: whatever takes a name's place,
 * what is open stays what it was. They are closed at the end of the turn, so that nothing keeps a disk from
 * being taken out.
 */
export class HeldWays implements Ways {
  readonly #fs: FileSystem;
  readonly #root: string;
  readonly #open = new Map<string, number>();
  readonly #openDirectories: string;
  #closing: NodeJS.Immediate | null = null;
  #folder: { readonly key: string; readonly place: string } | null = null;

  constructor(fs: FileSystem, root: string) {
    this.#fs = fs;
    this.#root = resolve(root);
    this.#openDirectories = openDirectories(fs);
  }

  through<R>(paths: readonly string[], call: (reached: readonly string[]) => R): R {
    this.#begin();
    return call(paths.map((path) => this.#reached(path)));
  }

  reach<R>(path: string, call: (reached: string) => R): R {
    this.#begin();
    return call(this.#reached(path));
  }

  into<R>(directory: string, call: (reached: string) => R): R {
    this.#begin();
    // by its own name in itself: what the descriptor's name is, a link, is never what is opened
    return call(`${this.#reachedBy(this.#directory(pathBelow(this.#root, directory)))}/.`);
  }

  forget(path: string): void {
    if (this.#open.has(path)) this.#close();
  }

  release(): void {
    this.#close();
    this.#folder = null;
  }

  #reached(path: string): string {
    const plain = pathBelow(this.#root, path);
    if (plain === this.#root) throw wayError('EINVAL', path);
    const end = plain.lastIndexOf('/');
    const directory = end === 0 ? '/' : plain.slice(0, end);
    return this.#reachedBy(this.#directory(directory)) + plain.slice(end);
  }

  #reachedBy(fd: number): string {
    return this.#openDirectories + String(fd);
  }

  #begin(): void {
    if (this.#open.size >= MAX_OPEN) this.#close();
    this.#closing ??= setImmediate(() => {
      this.#close();
    });
  }

  #directory(path: string): number {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const fd = path === this.#root ? this.#openRoot() : this.#openBelow(path);
    this.#open.set(path, fd);
    return fd;
  }

  #openBelow(path: string): number {
    const parent = this.#directory(dirname(path));
    try {
      return this.#fs.openSync(
        `${this.#reachedBy(parent)}/${basename(path)}`,
        DIRECTORY | NO_FOLLOW,
      );
    } catch (error) {
      throw errnoOf(error) === 'ENOTDIR' ? wayError('ELOOP', path) : error;
    }
  }

  /** A link may lead to it, but to no other one than before. */
  #openRoot(): number {
    const fd = this.#fs.openSync(this.#root, DIRECTORY);
    try {
      const key = keyOf(this.#fs, fd);
      this.#folder ??= { key, place: this.#fs.readlinkSync(this.#reachedBy(fd)) };
      const isSame = key === this.#folder.key;
      // some disks number what they hold anew
      if (isSame || this.#fs.readlinkSync(this.#reachedBy(fd)) === this.#folder.place) return fd;
      throw wayError('ELOOP', this.#root);
    } catch (error) {
      this.#fs.closeSync(fd);
      throw error;
    }
  }

  #close(): void {
    if (this.#closing !== null) clearImmediate(this.#closing);
    this.#closing = null;
    for (const fd of this.#open.values()) {
      attempt(() => {
        this.#fs.closeSync(fd);
      });
    }
    this.#open.clear();
  }
}

/**
 * Where the system shows what this process has open, by the number that it has in this /proc: not the way by
 * `self`, a link, which every file would have to go.
 */
function openDirectories(fs: FileSystem): string {
  return `/proc/${fs.readlinkSync('/proc/self')}/fd/`;
}

function keyOf(fs: FileSystem, fd: number): string {
  const { dev, ino } = fs.fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
}

function keyAt(fs: FileSystem, path: string): string {
  const { dev, ino } = fs.statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}
