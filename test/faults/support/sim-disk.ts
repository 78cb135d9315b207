import { constants } from 'node:fs';
import { dirname, basename, normalize } from 'node:path';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import type { Change, DiskImage, Inode, Op } from './disk-log.ts';
import { copyImage, emptyImage } from './disk-log.ts';
import { statOf } from './sim-stat.ts';

/**
 * A disk in memory behind a page cache: every operation is visible at once and written down, and fsync
 * writes down what it made durable. `crash-states.ts` makes of the log what a power cut could leave.
 */
interface Open {
  readonly ino: number;
  readonly append: boolean;
  position: number;
}

const ROOT = 0;

export class SimDisk {
  readonly log: Op[] = [];
  /** What was on the disk when the log began. */
  readonly start: DiskImage;
  readonly fs: FileSystem;
  readonly #now: DiskImage;
  readonly #open = new Map<number, Open>();
  readonly #later: (run: () => void) => void;
  #nextFd = 100;
  #nextIno: number;

  /** `later` runs the end of an fsync: by default in the next turn. */
  constructor(image: DiskImage = emptyImage(), later: (run: () => void) => void = setImmediate) {
    this.start = copyImage(image);
    this.#now = copyImage(image);
    this.#nextIno = Math.max(...this.#now.keys()) + 1;
    this.#later = later;
    this.fs = this.#fileSystem();
  }

  /** Says what the world was told at this point. */
  note(text: string): void {
    this.log.push({ kind: 'note', text });
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** As a reader would see it now. */
  get image(): DiskImage {
    return copyImage(this.#now);
  }

  #inode(ino: number): Inode {
    const inode = this.#now.get(ino);
    if (inode === undefined) throw errno('ENOENT', `inode ${ino}`);
    return inode;
  }

  #find(path: string): number | null {
    let ino = ROOT;
    for (const part of normalize(path).split('/').filter(Boolean)) {
      const inode = this.#inode(ino);
      if (inode.kind !== 'directory') throw errno('ENOTDIR', path);
      const next = inode.entries.get(part);
      if (next === undefined) return null;
      ino = next;
    }
    return ino;
  }

  #at(path: string): number {
    const ino = this.#find(path);
    if (ino === null) throw errno('ENOENT', path);
    return ino;
  }

  #parentOf(path: string): { dir: number; name: string } {
    const dir = this.#at(dirname(normalize(path)));
    if (this.#inode(dir).kind !== 'directory') throw errno('ENOTDIR', path);
    return { dir, name: basename(path) };
  }

  #change(...changes: readonly Change[]): void {
    this.log.push({ kind: 'names', changes });
    for (const { dir, name, ino } of changes) {
      const { entries } = this.#inode(dir);
      if (ino === null) entries.delete(name);
      else entries.set(name, ino);
    }
  }

  #add(path: string, kind: Inode['kind'], mode: number): number {
    const { dir, name } = this.#parentOf(path);
    const ino = this.#nextIno++;
    const made: Inode = {
      kind,
      data: new Uint8Array(0),
      size: 0,
      mode,
      mtimeMs: ino,
      entries: new Map(),
    };
    this.#now.set(ino, made);
    this.log.push({ kind: 'made', ino, inode: { ...made, entries: new Map() } });
    this.#change({ dir, name, ino, was: null });
    return ino;
  }

  #opened(fd: number): Open {
    const open = this.#open.get(fd);
    if (open === undefined) throw errno('EBADF', String(fd));
    return open;
  }

  #openSync(path: string, flags: string | number, mode: number): number {
    const bits = typeof flags === 'number' ? flags : bitsOf(flags);
    let ino = this.#find(path);
    if (ino !== null && (bits & constants.O_EXCL) !== 0) throw errno('EEXIST', path);
    if (ino === null && (bits & constants.O_CREAT) === 0) throw errno('ENOENT', path);
    ino ??= this.#add(path, 'file', mode);
    const writes = (bits & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
    if (writes && this.#inode(ino).kind === 'directory') throw errno('EISDIR', path);
    if ((bits & constants.O_TRUNC) !== 0) this.#truncate(ino, 0);
    const fd = this.#nextFd++;
    this.#open.set(fd, { ino, append: (bits & constants.O_APPEND) !== 0, position: 0 });
    return fd;
  }

  #write(fd: number, bytes: Uint8Array, position: number | null): number {
    const open = this.#opened(fd);
    const inode = this.#inode(open.ino);
    const at = open.append ? inode.size : (position ?? open.position);
    const op = { kind: 'write', ino: open.ino, at, bytes: bytes.slice() } as const;
    this.log.push(op);
    writeInto(inode, at, op.bytes);
    inode.size = Math.max(inode.size, at + bytes.length);
    if (position === null) open.position = at + bytes.length;
    return bytes.length;
  }

  #truncate(ino: number, size: number): void {
    const inode = this.#inode(ino);
    this.log.push({ kind: 'size', ino, size });
    if (size < inode.size) inode.data.fill(0, size);
    inode.size = size;
  }

  #read(fd: number, target: Uint8Array, position: number | null): number {
    const open = this.#opened(fd);
    const { data, size } = this.#inode(open.ino);
    const at = position ?? open.position;
    const count = Math.max(0, Math.min(target.length, size - at));
    target.fill(0, 0, count);
    target.set(data.subarray(at, Math.min(at + count, data.length)));
    if (position === null) open.position += count;
    return count;
  }

  #rename(from: string, to: string): void {
    const ino = this.#at(from);
    const source = this.#parentOf(from);
    const target = this.#parentOf(to);
    const was = this.#inode(target.dir).entries.get(target.name) ?? null;
    if (was === ino) return;
    if (was !== null) this.#mayReplace(ino, was, to);
    this.#change({ ...target, ino, was }, { ...source, ino: null, was: ino });
  }

  #mayReplace(ino: number, was: number, path: string): void {
    const [moved, target] = [this.#inode(ino), this.#inode(was)];
    if (moved.kind === 'directory' && target.kind === 'file') throw errno('ENOTDIR', path);
    if (moved.kind === 'file' && target.kind === 'directory') throw errno('EISDIR', path);
    if (target.entries.size > 0) throw errno('ENOTEMPTY', path);
  }

  #unlink(path: string): void {
    const ino = this.#at(path);
    if (this.#inode(ino).kind === 'directory') throw errno('EISDIR', path);
    this.#change({ ...this.#parentOf(path), ino: null, was: ino });
  }

  #rmdir(path: string): void {
    const ino = this.#at(path);
    const { kind, entries } = this.#inode(ino);
    if (kind === 'file') throw errno('ENOTDIR', path);
    if (entries.size > 0) throw errno('ENOTEMPTY', path);
    this.#change({ ...this.#parentOf(path), ino: null, was: ino });
  }

  #mkdir(path: string, recursive: boolean): void {
    const found = this.#find(path);
    if (found !== null) {
      if (recursive && this.#inode(found).kind === 'directory') return;
      throw errno('EEXIST', path);
    }
    const parent = dirname(normalize(path));
    if (recursive && this.#find(parent) === null) this.#mkdir(parent, true);
    this.#add(path, 'directory', 0o777);
  }

  #link(from: string, to: string): void {
    const ino = this.#at(from);
    if (this.#find(to) !== null) throw errno('EEXIST', to);
    this.#change({ ...this.#parentOf(to), ino, was: null });
  }

  /** What was done before it began is durable once it has ended. */
  #fsync(fd: number, done: (error: Error | null) => void): void {
    const { ino } = this.#opened(fd);
    const upTo = this.log.length;
    this.#later(() => {
      this.log.push({ kind: 'sync', ino, upTo });
      done(null);
    });
  }

  #stat(ino: number, options?: { bigint?: boolean }) {
    return statOf(ino, this.#inode(ino), options?.bigint === true);
  }

  #entries(path: string, options?: { withFileTypes?: boolean }) {
    const { entries } = this.#inode(this.#at(path));
    if (options?.withFileTypes !== true) return [...entries.keys()];
    return [...entries].map(([name, ino]) =>
      Object.assign(this.#stat(ino), { name, parentPath: path }),
    );
  }

  #setTime(ino: number, seconds: number | Date): void {
    this.#inode(ino).mtimeMs = typeof seconds === 'number' ? seconds * 1000 : seconds.getTime();
  }

  #fileSystem(): FileSystem {
    type Options = { bigint?: boolean; throwIfNoEntry?: boolean };
    const stat = (path: string, options?: Options) => {
      const ino = this.#find(path);
      if (ino === null && options?.throwIfNoEntry === false) return undefined;
      return this.#stat(ino ?? this.#at(path), options);
    };
    const all = {
      accessSync: (path: string) => void this.#at(path),
      closeSync: (fd: number) => {
        this.#opened(fd);
        this.#open.delete(fd);
      },
      existsSync: (path: string) => this.#find(path) !== null,
      fchmodSync: (fd: number, mode: number) =>
        void (this.#inode(this.#opened(fd).ino).mode = mode),
      fstatSync: (fd: number, options?: Options) => this.#stat(this.#opened(fd).ino, options),
      fsync: (fd: number, done: (error: Error | null) => void) => this.#fsync(fd, done),
      fsyncSync: (fd: number) => {
        this.log.push({ kind: 'sync', ino: this.#opened(fd).ino, upTo: this.log.length });
      },
      ftruncateSync: (fd: number, size = 0) => this.#truncate(this.#opened(fd).ino, size),
      futimesSync: (fd: number, _a: number, m: number) => this.#setTime(this.#opened(fd).ino, m),
      linkSync: (from: string, to: string) => this.#link(from, to),
      lstatSync: stat,
      lutimesSync: (path: string, _a: number, m: number) => this.#setTime(this.#at(path), m),
      mkdirSync: (path: string, options?: { recursive?: boolean } | number) =>
        this.#mkdir(path, typeof options === 'object' && options.recursive === true),
      opendirSync: (path: string) => {
        const entries = this.#entries(path, { withFileTypes: true });
        return { readSync: () => entries.shift() ?? null, closeSync: () => undefined };
      },
      openSync: (path: string, flags: string | number = 'r', mode = 0o666) =>
        this.#openSync(path, flags, mode),
      readdirSync: (path: string, options?: { withFileTypes?: boolean }) =>
        this.#entries(path, options),
      readSync: (fd: number, to: Uint8Array, at: number, count: number, position: number | null) =>
        this.#read(fd, to.subarray(at, at + count), position),
      realpathSync: (path: string) => {
        this.#at(path);
        return normalize(path);
      },
      renameSync: (from: string, to: string) => this.#rename(from, to),
      rmdirSync: (path: string) => this.#rmdir(path),
      statSync: stat,
      statfsSync: () => ({ bavail: 2 ** 28, bfree: 2 ** 28, blocks: 2 ** 28, bsize: 4096 }),
      unlinkSync: (path: string) => this.#unlink(path),
      writeSync: (
        fd: number,
        from: Uint8Array | string,
        at?: number,
        count?: number,
        position: number | null = null,
      ) => {
        if (typeof from === 'string') return this.#write(fd, Buffer.from(from), at ?? null);
        const start = at ?? 0;
        return this.#write(
          fd,
          from.subarray(start, start + (count ?? from.length - start)),
          position,
        );
      },
    };
    return all as unknown as FileSystem;
  }
}

/** Makes room by doubling: files are written in many small steps. */
export function writeInto(inode: Inode, at: number, bytes: Uint8Array): void {
  const end = at + bytes.length;
  if (end > inode.data.length) {
    const longer = new Uint8Array(Math.max(end, inode.data.length * 2));
    longer.set(inode.data);
    inode.data = longer;
  }
  inode.data.set(bytes, at);
}

const BITS: Readonly<Record<string, number>> = {
  r: constants.O_RDONLY,
  'r+': constants.O_RDWR,
  w: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
  wx: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
  a: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
  ax: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_EXCL,
  'a+': constants.O_RDWR | constants.O_CREAT | constants.O_APPEND,
  'w+': constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
  'wx+': constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
};

function bitsOf(flags: string): number {
  const bits = BITS[flags];
  if (bits === undefined) throw new Error(`flags that this disk does not know: ${flags}`);
  return bits;
}

export function errno(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}
