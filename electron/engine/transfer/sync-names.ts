import { constants } from 'node:fs';
import type { FileSystem } from './ports.ts';
import { NO_DIRECTORY_SYNC } from './sync-queue.ts';
import { diskError, errnoOf } from './system-errors.ts';

/** What a system answers that syncs only what is open for writing: then it has to do by itself. */
const NO_SYNC_OF_READERS: readonly string[] = [...NO_DIRECTORY_SYNC, 'EPERM', 'EACCES', 'EROFS'];

/**
 * Makes the names in a directory durable. Windows has no such call; what else cannot be synced there rests
 * on the file system. Throws DISK_ERROR, NO_PERMISSION.
 */
export async function syncNames(fs: FileSystem, path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await syncPath(fs, path, constants.O_RDONLY, NO_DIRECTORY_SYNC);
}

/** Makes the content of a file that somebody else wrote durable. Throws DISK_ERROR. */
export async function syncContent(fs: FileSystem, path: string, noFollow: number): Promise<void> {
  await syncPath(fs, path, constants.O_RDONLY | noFollow, NO_SYNC_OF_READERS);
}

function syncPath(
  fs: FileSystem,
  path: string,
  flags: number,
  tolerated: readonly string[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fd = fs.openSync(path, flags);
    fs.fsync(fd, (error) => {
      try {
        fs.closeSync(fd);
        if (error && !tolerated.includes(errnoOf(error))) throw error;
        resolve();
      } catch (cause) {
        reject(diskError(cause, path));
      }
    });
  });
}
