import { constants } from 'node:fs';
import type { DroplineError } from '../../../shared/errors.ts';
import type { Clock, FileSystem, SyncsAtOnce } from './ports.ts';
import { realClock } from './ports.ts';
import { SyncPace } from './sync-pace.ts';
import { diskError, errnoOf } from './system-errors.ts';

/** Files that may wait for the disk at once: bounds open files, and keeps the disk busy. */
const MAX_WAITING = 64;

const NOTHING = (): void => undefined;

/** What file systems answer that cannot sync a directory (some network and FUSE mounts). */
export const NO_DIRECTORY_SYNC: readonly string[] = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EBADF'];

/**
 * Files on their way from memory to the disk. fsync waits for the disk, so many are under way at once,
 * unless the disk is so quick that none needs to wait. One that failed is never tried again on the same file:
 * the system may have dropped the pages it could not write.
 */
export class SyncQueue {
  readonly #fs: FileSystem & SyncsAtOnce;
  readonly #clock: Clock;
  readonly #pace = new SyncPace();
  #waiting = 0;
  #fault: DroplineError | null = null;
  #roomWanted: (() => void) | null = null;
  #settled: (() => void)[] = [];

  constructor(fs: FileSystem & SyncsAtOnce, clock: Clock = realClock) {
    this.#fs = fs;
    this.#clock = clock;
  }

  get full(): boolean {
    return this.#waiting >= MAX_WAITING;
  }

  /** Calls back once, when there is room again. */
  onRoom(run: () => void): void {
    this.#roomWanted = run;
  }

  /**
   * Syncs and closes the file, then calls `durable`, whose error counts as the disk's; `lost`, where the
   * disk did not take it.
   */
  add(fd: number, lost: () => void, durable: () => void): void {
    this.#sync(fd, lost, durable, []);
  }

  #sync(fd: number, lost: () => void, durable: () => void, tolerated: readonly string[]): void {
    const beganMs = this.#clock.nowMs();
    const end = (error: Error | null | undefined): void => {
      try {
        this.#fs.closeSync(fd);
        if (error && !tolerated.includes(errnoOf(error))) {
          lost();
          throw error;
        }
        durable();
      } catch (cause) {
        this.#fault ??= diskError(cause, '');
      }
    };
    if (this.#pace.isQuick && this.#fs.fsyncAtOnce) {
      const error = errorOf(() => this.#fs.fsyncAtOnce?.(fd));
      this.#pace.tookInTurn(this.#clock.nowMs() - beganMs);
      end(error);
      return;
    }
    this.#waiting++;
    this.#fs.fsync(fd, (error) => {
      this.#pace.tookInPool(this.#clock.nowMs() - beganMs);
      end(error);
      this.#done();
    });
  }

  /** Makes the names inside a directory durable. Windows has no such call, and needs none. */
  async directory(path: string): Promise<void> {
    if (process.platform === 'win32') return;
    let fd: number;
    try {
      fd = this.#fs.openSync(path, constants.O_RDONLY);
    } catch (error) {
      throw diskError(error, path);
    }
    this.#sync(fd, NOTHING, NOTHING, NO_DIRECTORY_SYNC);
    if (this.full) await this.settled();
  }

  /** Resolves when nothing waits. Throws the first fault, and goes on throwing it. */
  async settled(): Promise<void> {
    if (this.#waiting > 0) {
      await new Promise<void>((resolve) => {
        this.#settled.push(resolve);
      });
    }
    if (this.#fault) throw this.#fault;
  }

  #done(): void {
    this.#waiting--;
    if (!this.full && this.#roomWanted) {
      const run = this.#roomWanted;
      this.#roomWanted = null;
      run();
    }
    if (this.#waiting > 0) return;
    for (const resolve of this.#settled.splice(0)) resolve();
  }
}

function errorOf(call: () => void): Error | null {
  try {
    call();
    return null;
  } catch (error) {
    return error as Error;
  }
}
