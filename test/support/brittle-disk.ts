import fs from 'node:fs';
import type { FileSystem } from '../../electron/engine/transfer/ports.ts';

/** A real disk that fails at one chosen operation: once, or for good as if the program had died there. */
export class BrittleDisk {
  readonly #open = new Set<number>();
  /** Made just now, where nothing may have been: still empty. */
  #fresh: number | null = null;
  readonly #withLinks: boolean;
  /** Operations so far. */
  count = 0;
  failsAt = Infinity;
  dies = false;
  /** It failed between making a file under a new name and writing to it. */
  leftEmpty = false;
  /** Called after each operation that may have changed a name. */
  onChange: () => void = () => undefined;

  constructor(withLinks = true) {
    this.#withLinks = withLinks;
  }

  readonly fs: FileSystem = {
    accessSync: this.#wrapped(fs.accessSync),
    closeSync: (fd) => {
      if (!this.#open.delete(fd)) return; // it was closed when the program died
      fs.closeSync(fd); // a descriptor is gone even where that fails
    },
    fchmodSync: this.#changing(fs.fchmodSync),
    fstatSync: this.#wrapped(fs.fstatSync),
    fsync: ((_fd: number, done: (error: Error | null) => void) => {
      try {
        this.#step();
      } catch (error) {
        setImmediate(() => done(error as Error));
        return;
      }
      setImmediate(() => done(null)); // nothing here loses power
    }) as FileSystem['fsync'],
    futimesSync: this.#changing(fs.futimesSync),
    linkSync: (from, to) => {
      this.#step();
      if (!this.#withLinks) throw failure('EPERM');
      fs.linkSync(from, to);
      this.onChange();
    },
    lstatSync: this.#wrapped(fs.lstatSync),
    lutimesSync: this.#changing(fs.lutimesSync),
    mkdirSync: this.#changing(fs.mkdirSync),
    openSync: (path, flags, mode) => {
      this.#step();
      const fd = fs.openSync(path, flags, mode);
      this.#open.add(fd);
      if (flags === 'wx') this.#fresh = fd;
      this.onChange();
      return fd;
    },
    opendirSync: this.#wrapped(fs.opendirSync),
    readdirSync: this.#wrapped(fs.readdirSync),
    readlinkSync: this.#wrapped(fs.readlinkSync),
    readSync: this.#wrapped(fs.readSync),
    realpathSync: this.#wrapped(fs.realpathSync),
    renameSync: this.#changing(fs.renameSync),
    rmdirSync: this.#changing(fs.rmdirSync),
    statSync: this.#wrapped(fs.statSync),
    statfsSync: this.#wrapped(fs.statfsSync),
    unlinkSync: this.#changing(fs.unlinkSync),
    writeSync: this.#changing(((fd: number, ...rest: never[]) => {
      this.#fresh = null;
      return (fs.writeSync as (...args: unknown[]) => number)(fd, ...rest);
    }) as typeof fs.writeSync),
  };

  /** The same disk under another program, to which nothing has happened yet. */
  again(): BrittleDisk {
    return new BrittleDisk(this.#withLinks);
  }

  /** What a program that died had open is closed by the system. */
  bury(): void {
    for (const fd of this.#open) fs.closeSync(fd);
    this.#open.clear();
  }

  #wrapped<F extends (...args: never[]) => unknown>(run: F): F {
    return ((...args: Parameters<F>) => {
      this.#step();
      return run(...args);
    }) as F;
  }

  #changing<F extends (...args: never[]) => unknown>(run: F): F {
    return ((...args: Parameters<F>) => {
      this.#step();
      const answer = run(...args);
      this.onChange();
      return answer;
    }) as F;
  }

  #step(): void {
    const at = this.count++;
    if (at === this.failsAt) this.leftEmpty = this.#fresh !== null;
    if (at === this.failsAt || (this.dies && at > this.failsAt)) throw failure('EIO');
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
