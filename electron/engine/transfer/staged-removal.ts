import { join } from 'node:path';
import { diskBelow } from './folder-disk.ts';
import { namesIn } from './list-names.ts';
import type { FileSystem } from './ports.ts';
import { mayBeThere, stagingPrefix } from './staging.ts';
import { errnoOf } from './system-errors.ts';

/**
 * Removes everything of a transfer that has no final name: what is in the directory itself under the
 * transfer's hidden names, and nothing else. Yields after each small step. false: something is left.
 */
export function* removalSteps(
  disk: FileSystem,
  directory: string,
  token: string,
): Generator<void, boolean> {
  const fs = diskBelow(disk, directory);
  const prefix = stagingPrefix(token);
  let names: string[];
  try {
    names = yield* namesIn(fs, directory);
  } catch (error) {
    return errnoOf(error) === 'ENOENT';
  }
  let isGone = true;
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const path = join(directory, name);
    yield* removeAll(fs, path);
    isGone &&= !mayBeThere(fs, path);
  }
  return isGone;
}

/** What is not there is gone already. Throws what the disk does. */
export function removeFile(fs: FileSystem, path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

/** What cannot be removed stays, and keeps the folders that it is in. */
export function* removeAll(fs: FileSystem, path: string): Generator<void, void> {
  yield;
  try {
    // never through a link
    if (!fs.lstatSync(path).isDirectory()) {
      fs.unlinkSync(path);
      return;
    }
    for (const name of yield* namesIn(fs, path)) yield* removeAll(fs, join(path, name));
    fs.rmdirSync(path);
  } catch {
    // it is told by what is left
  }
}
