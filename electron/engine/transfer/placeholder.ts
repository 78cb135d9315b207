import { constants } from 'node:fs';
import type { FileSystem } from './ports.ts';
import { NON_BLOCKING, NO_FOLLOW } from './ports.ts';
import { attempt } from './system-errors.ts';

/**
 * On a disk without hard links a name is taken by a file that holds the token of its delivery, and the part
 * is renamed over that. Whoever finds it after a crash knows it by what it holds: an empty file of the same
 * name may be anybody's. A crash before those few bytes are written leaves an empty file, which stays.
 */

/** Takes the name. Throws EEXIST, and what the disk does. */
export function putPlaceholder(fs: FileSystem, path: string, token: string): void {
  const fd = fs.openSync(path, 'wx');
  try {
    // a disk without room for this may still have room for a new name
    attempt(() => {
      fs.writeSync(fd, contentOf(token));
    });
  } finally {
    fs.closeSync(fd);
  }
}

/** What is there was put there by a delivery of this token. Throws nothing: what cannot be read is not. */
export function isPlaceholder(fs: FileSystem, path: string, token: string): boolean {
  const expected = contentOf(token);
  const found = Buffer.alloc(expected.length + 1);
  try {
    const fd = fs.openSync(path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING);
    try {
      if (!fs.fstatSync(fd).isFile()) return false;
      const count = fs.readSync(fd, found, 0, found.length, 0);
      return count === expected.length && found.subarray(0, count).equals(expected);
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return false;
  }
}

function contentOf(token: string): Buffer {
  return Buffer.from(`dropline ${token}\n`);
}
