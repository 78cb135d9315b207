import { join } from 'node:path';
import { DroplineError } from '../../../shared/errors.ts';
import { numberedName } from '../../../shared/protocol/wire-path.ts';
import type { FileSystem } from './ports.ts';
import { attempt, diskError, errnoOf } from './system-errors.ts';

/** Giving things their final names. Nothing that exists is ever replaced. */

/** Far beyond any real folder: a loop that ends. */
const MAX_NUMBER = 100_000;

/** What a file system without hard links answers (FAT, exFAT, some network and FUSE mounts). */
const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
]);

/** Moves a finished part file to `name`, or `name (2)` and so on. Answers the path it got. */
export function publishFile(fs: FileSystem, part: string, directory: string, name: string): string {
  return firstFree(directory, name, 'file', (path) => {
    try {
      fs.linkSync(part, path);
    } catch (error) {
      if (!NO_LINKS.has(errnoOf(error))) throw error;
      // the placeholder makes the name ours; only then is it renamed over
      fs.closeSync(fs.openSync(path, 'wx'));
      orElse(
        () => {
          fs.renameSync(part, path);
        },
        () => {
          fs.unlinkSync(path);
        },
      );
      return;
    }
    fs.unlinkSync(part);
  });
}

/** Makes an empty folder under a free name, so that nobody else takes it meanwhile. */
export function reserveFolder(fs: FileSystem, directory: string, name: string): string {
  return firstFree(directory, name, 'directory', (path) => {
    fs.mkdirSync(path);
  });
}

/**
 * Moves a filled folder over the reserved empty one. Where something was put into that meanwhile, the
 * next free name is taken. Answers the path it got.
 */
export function publishFolder(
  fs: FileSystem,
  staging: string,
  reserved: string,
  directory: string,
  name: string,
): string {
  try {
    moveOverEmpty(fs, staging, reserved);
    return reserved;
  } catch (error) {
    if (!TAKEN.has(errnoOf(error))) throw diskError(error, reserved);
  }
  return firstFree(directory, name, 'directory', (path) => {
    fs.mkdirSync(path);
    orElse(
      () => {
        moveOverEmpty(fs, staging, path);
      },
      () => {
        fs.rmdirSync(path);
      },
    );
  });
}

/** Undoes what was done before a step that failed: no name is left for what is not there. */
function orElse(run: () => void, undo: () => void): void {
  try {
    run();
  } catch (error) {
    attempt(undo);
    throw error;
  }
}

function moveOverEmpty(fs: FileSystem, staging: string, target: string): void {
  // Windows does not rename over a folder, even an empty one
  if (process.platform === 'win32') fs.rmdirSync(target);
  fs.renameSync(staging, target);
}

const TAKEN: ReadonlySet<string> = new Set(['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EISDIR']);

function firstFree(
  directory: string,
  name: string,
  kind: 'file' | 'directory',
  take: (path: string) => void,
): string {
  for (let n = 1; n <= MAX_NUMBER; n++) {
    const path = join(directory, n === 1 ? name : numberedName(name, n, kind));
    try {
      take(path);
      return path;
    } catch (error) {
      if (!TAKEN.has(errnoOf(error))) throw diskError(error, path);
    }
  }
  throw new DroplineError('DISK_ERROR', { path: join(directory, name), reason: 'EEXIST' });
}
