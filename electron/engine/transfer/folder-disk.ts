import type { Dir } from 'node:fs';
import { CheckedWays } from './checked-ways.ts';
import { HeldWays, canHold } from './held-ways.ts';
import type { FileSystem, SyncsAtOnce } from './ports.ts';
import { NO_FOLLOW } from './ports.ts';
import type { Ways } from './ways.ts';
import { attempt, errnoOf } from './system-errors.ts';

/**
 * The disk below one folder, in which others may write too: no link is followed on the way to anything,
 * not even one that takes a directory's place between two calls. What is received, put back or removed
 * goes this way. Paths are what they are elsewhere; one that is not below the folder is refused.
 */
export interface FolderDisk extends FileSystem, SyncsAtOnce {
  readonly folder: string;
  /** Whoever goes on looks the folder up anew: a disk may have been taken out and put back. */
  release(): void;
}

type Look = (path: string, options?: { readonly throwIfNoEntry?: boolean }) => unknown;

/** Where its directory is missing there is nothing either. */
function orNothing(look: Look): never {
  const found: Look = (path, options) => {
    try {
      return look(path, options);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT' && options?.throwIfNoEntry === false) return undefined;
      throw error;
    }
  };
  return found as never;
}

/** What was opened is closed where the way to it turns out to be another. */
class Opened<T> {
  readonly #close: (opened: T) => void;
  #opened: T | null = null;

  constructor(close: (opened: T) => void) {
    this.#close = close;
  }

  keep(opened: T): T {
    this.#opened = opened;
    return opened;
  }

  orClosed(run: () => T): T {
    try {
      return run();
    } catch (error) {
      const opened = this.#opened;
      if (opened !== null) {
        attempt(() => {
          this.#close(opened);
        });
      }
      throw error;
    }
  }
}

/** The same disk where it is that folder's already: each call goes the way to it once. */
export function diskBelow(fs: FileSystem | FolderDisk, directory: string): FolderDisk {
  if ('folder' in fs && fs.folder === directory) return fs;
  let found: Ways | null = null;
  const ways = (): Ways => {
    found ??= canHold(fs, directory) ? new HeldWays(fs, directory) : new CheckedWays(fs, directory);
    return found;
  };
  const to = (call: (path: string, ...rest: never[]) => unknown) =>
    ((path: string, ...rest: never[]) =>
      ways().reach(path, (reached) => call(reached, ...rest))) as never;
  const into = (call: (path: string, ...rest: never[]) => unknown) =>
    ((path: string, ...rest: never[]) =>
      ways().into(path, (reached) => call(reached, ...rest))) as never;
  const two = (call: (from: string, to: string) => void, paths: readonly unknown[]): void => {
    ways().through(paths.map(String), ([from = '', other = '']) => {
      call(from, other);
    });
  };
  return {
    ...fs,
    folder: directory,
    accessSync: into(fs.accessSync),
    linkSync: (...paths) => {
      two(fs.linkSync, paths);
    },
    lstatSync: orNothing(to(fs.lstatSync)),
    lutimesSync: to(fs.lutimesSync),
    mkdirSync: to(fs.mkdirSync),
    openSync: (path, flags, mode) => {
      const name = String(path);
      // a link may lead to the folder itself
      const isRoot = name === directory;
      const safe = typeof flags === 'number' && !isRoot ? flags | NO_FOLLOW : flags;
      const opened = new Opened<number>((fd) => {
        fs.closeSync(fd);
      });
      const open = (reached: string): number => opened.keep(fs.openSync(reached, safe, mode));
      return opened.orClosed(() => (isRoot ? ways().into(name, open) : ways().reach(name, open)));
    },
    opendirSync: ((path: string) => {
      const opened = new Opened<Dir>((listing) => {
        listing.closeSync();
      });
      return opened.orClosed(() =>
        ways().into(path, (reached) => opened.keep(fs.opendirSync(reached))),
      );
    }) as FileSystem['opendirSync'],
    readdirSync: into(fs.readdirSync),
    release: () => {
      found?.release();
      found = null;
    },
    renameSync: (...paths) => {
      two(fs.renameSync, paths);
      for (const path of paths) ways().forget(String(path));
    },
    rmdirSync: (path) => {
      ways().reach(String(path), (reached) => {
        fs.rmdirSync(reached);
      });
      ways().forget(String(path));
    },
    statSync: into(fs.statSync),
    statfsSync: into(fs.statfsSync),
    unlinkSync: to(fs.unlinkSync),
  };
}
