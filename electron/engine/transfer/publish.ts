import { constants } from 'node:fs';
import { join } from 'node:path';
import { DroplineError } from '../../../shared/errors.ts';
import { numberedName } from '../../../shared/protocol/wire-path.ts';
import { isOpenElsewhere } from './open-elsewhere.ts';
import { isPlaceholder, putPlaceholder } from './placeholder.ts';
import type { FileSystem } from './ports.ts';
import { NON_BLOCKING, NO_FOLLOW } from './ports.ts';
import { attempt, errnoOf } from './system-errors.ts';
import { isRealDirectory } from './undo-place.ts';

/** Giving things their final names. Nothing that exists is ever replaced. */

/** Far beyond any real folder: a loop that ends. */
const MAX_NUMBER = 100_000;

/**
 * What a file system without hard links answers (FAT, exFAT, some network and FUSE mounts); EISDIR: Windows,
 * of a FAT or exFAT disk. No system says that of a link to a file where it has links.
 */
export const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
  'EISDIR',
]);

const TAKEN: ReadonlySet<string> = new Set(['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EISDIR']);

/** The name was free when it was looked at, and is not any more. */
export function isTaken(error: unknown): boolean {
  return TAKEN.has(errnoOf(error));
}

/** The first of `name`, `name (2)` and so on that nothing has, for the moment. Throws DISK_ERROR. */
export function freePath(
  fs: FileSystem,
  directory: string,
  name: string,
  kind: 'file' | 'directory',
): string {
  for (let n = 1; n <= MAX_NUMBER; n++) {
    const path = join(directory, n === 1 ? name : numberedName(name, n, kind));
    if (fs.lstatSync(path, { throwIfNoEntry: false }) === undefined) return path;
  }
  throw new DroplineError('DISK_ERROR', { path: join(directory, name), reason: 'EEXIST' });
}

/**
 * Gives a finished part file a free path. `token`: of its delivery. false: the part is still there beside it,
 * as another program has it open. Throws EEXIST, and what the disk does; then no name is left.
 */
export function publishFile(fs: FileSystem, part: string, path: string, token: string): boolean {
  try {
    fs.linkSync(part, path);
  } catch (error) {
    if (!NO_LINKS.has(errnoOf(error))) throw error;
    takeName(fs, path, token);
    orElse(
      () => {
        fs.renameSync(part, path);
      },
      () => {
        fs.unlinkSync(path);
      },
    );
    return true;
  }
  try {
    fs.unlinkSync(part);
  } catch (error) {
    if (!isOpenElsewhere(fs, error)) throw error;
    return false;
  }
  return true;
}

/** By a placeholder, over which the part is renamed only then. One that could not be taken back counts. */
function takeName(fs: FileSystem, path: string, token: string): void {
  try {
    putPlaceholder(fs, path, token);
  } catch (error) {
    if (!isTaken(error) || !isPlaceholder(fs, path, token)) throw error;
  }
}

/**
 * Moves a filled folder to a free path: over an empty one that makes the name ours. Windows renames over no
 * folder, and an empty one that somebody opens could not be taken back. Throws as above.
 */
export function publishFolder(fs: FileSystem, staging: string, path: string): void {
  if (fs.isWindows === true) {
    mustBeReal(fs, staging);
    if (fs.lstatSync(path, { throwIfNoEntry: false })) throw failure('EEXIST');
    fs.renameSync(staging, path);
    return;
  }
  fs.mkdirSync(path);
  orElse(
    () => {
      moveOverEmpty(fs, staging, path);
    },
    () => {
      fs.rmdirSync(path);
    },
  );
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

/** What is in `path` meanwhile is somebody's: then this fails. */
export function moveOverEmpty(fs: FileSystem, staging: string, path: string): void {
  mustBeReal(fs, staging);
  openUp(fs, staging, path);
  fs.renameSync(staging, path);
}

/** What took its place, a link perhaps, gets no name. */
function mustBeReal(fs: FileSystem, staging: string): void {
  if (!isRealDirectory(fs, staging)) throw failure('ENOENT');
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** What is staged is closed to others: it gets the permissions that a new folder has there. */
function openUp(fs: FileSystem, staging: string, like: string): void {
  attempt(() => {
    const { mode } = fs.lstatSync(like);
    const fd = fs.openSync(staging, constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING);
    try {
      fs.fchmodSync(fd, mode & 0o7777);
    } finally {
      fs.closeSync(fd);
    }
  });
}
