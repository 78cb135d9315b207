import fs from 'node:fs';
import type { FileSystem } from '../../electron/engine/transfer/ports.ts';
import { plainPath } from './plain-path.ts';

const JOURNAL = /[\\/](journal|home-\d+)([\\/]|$)/;

/** A real disk whose slow moments a test can stretch. */
export class GatedDisk {
  readonly #paths = new Map<number, string>();
  readonly #waiting: (() => void)[] = [];
  /** Which paths wait in fsync until `release`; the journal and its folders never do. */
  holds: (path: string) => boolean = () => false;
  /** Called before each write, with all the bytes written so far. */
  onWrite: (writtenBytes: number) => void = () => undefined;
  writtenBytes = 0;

  readonly fs: Partial<FileSystem> = {
    openSync: (path, flags, mode) => {
      const fd = fs.openSync(path, flags, mode);
      this.#paths.set(fd, plainPath(String(path)));
      return fd;
    },
    closeSync: (fd) => {
      this.#paths.delete(fd);
      fs.closeSync(fd);
    },
    writeSync: ((fd: number, bytes: Uint8Array, at: number, count: number, position: number) => {
      this.onWrite(this.writtenBytes);
      const written = fs.writeSync(fd, bytes, at, count, position);
      this.writtenBytes += written;
      return written;
    }) as FileSystem['writeSync'],
    fsync: ((fd: number, done: (error: Error | null) => void) => {
      const sync = (): void => fs.fsync(fd, done);
      const path = this.#paths.get(fd) ?? '';
      if (!JOURNAL.test(path) && this.holds(path)) this.#waiting.push(sync);
      else sync();
    }) as FileSystem['fsync'],
  };

  /** Paths of what was opened here and not closed. */
  get open(): string[] {
    return [...this.#paths.values()];
  }

  get held(): number {
    return this.#waiting.length;
  }

  release(): void {
    this.holds = () => false;
    for (const sync of this.#waiting.splice(0)) sync();
  }
}
