import { constants } from 'node:fs';
import { join } from 'node:path';
import { DroplineError } from '../../../shared/errors.ts';
import { numberedName } from '../../../shared/protocol/wire-path.ts';
import { putPlaceholder } from './placeholder.ts';
import type { OpenElsewhere } from './open-elsewhere.ts';
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

/** What gives names: `elsewhere` waits for other programs that have open what is to be renamed or removed. */
export interface Namer {
  readonly fs: FileSystem;
  readonly elsewhere: OpenElsewhere;
}

/** Moves a finished part file to a free path. `token`: of its delivery. Throws EEXIST, and what the disk does. */
export async function publishFile(
  { fs, elsewhere }: Namer,
  part: string,
  path: string,
  token: string,
): Promise<void> {
  try {
    fs.linkSync(part, path);
  } catch (error) {
    if (!NO_LINKS.has(errnoOf(error))) throw error;
    // the placeholder makes the name ours; only then is it renamed over
    putPlaceholder(fs, path, token);
    await orElse(
      () => elsewhere.letGo(() => fs.renameSync(part, path)),
      () => fs.unlinkSync(path),
    );
    return;
  }
  await elsewhere.letGo(() => fs.unlinkSync(part));
}

/** Moves a filled folder to a free path: over an empty one that makes the name ours. Throws as above. */
export async function publishFolder(namer: Namer, staging: string, path: string): Promise<void> {
  namer.fs.mkdirSync(path);
  await orElse(
    () => moveOverEmpty(namer, staging, path),
    () => namer.fs.rmdirSync(path),
  );
}

/** Undoes what was done before a step that failed: no name is left for what is not there. */
async function orElse(run: () => Promise<void>, undo: () => void): Promise<void> {
  try {
    await run();
  } catch (error) {
    attempt(undo);
    throw error;
  }
}

/** What is in `path` meanwhile is somebody's: then this fails. Throws as above, and ENOENT. */
export async function moveOverEmpty(
  { fs, elsewhere }: Namer,
  staging: string,
  path: string,
): Promise<void> {
  // what took its place, a link perhaps, gets no name
  if (!isRealDirectory(fs, staging)) throw withCode('ENOENT');
  if (fs.isWindows !== true) {
    openUp(fs, staging, path);
    fs.renameSync(staging, path);
    return;
  }
  await elsewhere.letGo(() => fs.rmdirSync(path));
  await elsewhere.letGo(() => {
    // the name was free for a moment: what somebody made there looks as if it were open
    if (fs.lstatSync(path, { throwIfNoEntry: false })) throw withCode('EEXIST');
    fs.renameSync(staging, path);
  });
}

function withCode(code: string): Error {
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
