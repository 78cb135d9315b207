import fs from 'node:fs';
import { performance } from 'node:perf_hooks';

/**
 * What the workers ask of the system, as values that a test can replace: the file system and the clock.
 * Workers call the file system synchronously, which is faster than the pool for the small steps of many
 * files; only fsync, which waits for the disk, is asynchronous.
 */
export type FileSystemCalls = Pick<
  typeof fs,
  | 'accessSync'
  | 'closeSync'
  | 'fchmodSync'
  | 'fstatSync'
  | 'fsync'
  | 'futimesSync'
  | 'linkSync'
  | 'lstatSync'
  | 'lutimesSync'
  | 'mkdirSync'
  | 'openSync'
  | 'opendirSync'
  | 'readdirSync'
  | 'readlinkSync'
  | 'readSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmdirSync'
  | 'statSync'
  | 'statfsSync'
  | 'unlinkSync'
  | 'writeSync'
>;

export interface FileSystem extends FileSystemCalls {
  /**
   * Names are as Windows keeps them: what a program has open can be neither renamed nor removed, nor a folder
   * that it is in, and no folder is renamed over another.
   */
  readonly isWindows?: boolean;
}

export interface SyncsAtOnce {
  /** fsync within the turn, for disks that turn out to be quick. Nobody has to have it. */
  readonly fsyncAtOnce?: (fd: number) => void;
}

/**
 * Refuses to open a link. Windows has no such flag: a link to a file needs a right there, and links to
 * folders, which anyone may make, are looked for on the way (checked-ways.ts).
 */
export const NO_FOLLOW = (fs.constants as { readonly O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0;

/** Opening a pipe in place of a file must not wait for its other end. Windows has none there. */
export const NON_BLOCKING = (fs.constants as { readonly O_NONBLOCK?: number }).O_NONBLOCK ?? 0;

export const realFileSystem: FileSystem = { ...fs, isWindows: process.platform === 'win32' };

/** Each answers the way to stop it. Times are monotonic: trust and time-outs never see the calendar. */
export interface Clock {
  nowMs(): number;
  after(ms: number, run: () => void): () => void;
  every(ms: number, run: () => void): () => void;
}

export const realClock: Clock = {
  nowMs: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    return () => {
      clearInterval(timer);
    };
  },
};
