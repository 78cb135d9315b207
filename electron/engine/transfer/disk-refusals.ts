import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { FileSystem } from './ports.ts';
import { lookAt } from './replace.ts';
import { reasonOf } from './system-errors.ts';
import { isRealDirectory } from './undo-place.ts';

/**
 * What a disk refuses to one name, place or file, and not to all that comes: that entry fails, and the
 * others arrive. Everything else that a disk says concerns all of it.
 */

/** The name cannot be on this disk, or something else has its place. */
const NO_SUCH_NAME: ReadonlySet<string> = new Set([
  'ENAMETOOLONG',
  'EINVAL',
  'EILSEQ',
  'EISDIR',
  'ENOTDIR',
  'EEXIST',
]);
const FORBIDDEN: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

/** What is there under that name, whatever this disk thinks of it; null: nothing is. */
export function lookFor(fs: FileSystem, path: string): BigIntStats | null {
  try {
    return lookAt(fs, path);
  } catch (error) {
    if (cannotBeNamed(error)) return null;
    throw error;
  }
}

/** What this disk cannot name is not on it. */
export function cannotBeNamed(error: unknown): boolean {
  const errno = reasonOf(error);
  return errno === 'ENAMETOOLONG' || errno === 'EINVAL' || errno === 'EILSEQ';
}

/** It may not be looked at, or nothing may be done there. */
export function isForbidden(error: unknown): boolean {
  return FORBIDDEN.has(reasonOf(error));
}

/**
 * Why something new could not be made at a path below the folder, or written to; null: it concerns all that
 * comes.
 */
export function refusalOf(
  fs: FileSystem,
  directory: string,
  path: string,
  error: unknown,
): ErrorCode | null {
  const errno = reasonOf(error);
  if (errno === 'EFBIG') return 'FILE_TOO_BIG';
  if (!mayWriteIn(fs, directory)) return null;
  if (NO_SUCH_NAME.has(errno)) return 'PLACE_REFUSED';
  // some systems say so of a name that they cannot hold
  if (errno === 'ENOENT') return isThere(fs, dirname(path)) ? 'PLACE_REFUSED' : null;
  return FORBIDDEN.has(errno) ? 'NO_PERMISSION' : null;
}

/**
 * Why a whole file could not be given its name. Another program that holds the file is no refusal: that
 * passes.
 */
export function namingRefusalOf(
  fs: FileSystem,
  directory: string,
  path: string,
  error: unknown,
): ErrorCode | null {
  if (isForbidden(error) && mayWriteIn(fs, dirname(path))) return null;
  return refusalOf(fs, directory, path, error);
}

function isThere(fs: FileSystem, path: string): boolean {
  try {
    return isRealDirectory(fs, path);
  } catch {
    return false;
  }
}

/** Of what is no folder some systems say that it may be written in. */
function mayWriteIn(fs: FileSystem, path: string): boolean {
  try {
    fs.accessSync(path, constants.W_OK | constants.X_OK);
    return fs.statSync(path).isDirectory();
  } catch {
    return false;
  }
}
