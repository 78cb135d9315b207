import { DroplineError } from '../../../shared/errors.ts';
import { missingBytes } from '../../../shared/model/plan.ts';
import { FAT } from './name-platform.ts';
import type { FileSystem } from './ports.ts';
import { diskError } from './system-errors.ts';

const GIB = 1024 ** 3;

/** Kept free on the receiving disk, so that a delivery does not leave the computer without room. */
const RESERVE_BYTES = GIB;
const RESERVE_SHARE = 0.05;

const FAT_LIMIT_BYTES = 4 * GIB - 1;

export interface Room {
  readonly freeBytes: number;
  readonly reserveBytes: number;
  /** The largest file that the file system holds; null: no limit is known. */
  readonly fileLimitBytes: number | null;
}

/** Throws DISK_ERROR, NO_PERMISSION. */
export function roomIn(fs: FileSystem, directory: string): Room {
  try {
    const { bavail, blocks, bsize, type } = fs.statfsSync(directory);
    return {
      freeBytes: bavail * bsize,
      reserveBytes: Math.ceil(Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_SHARE)),
      fileLimitBytes: type === FAT ? FAT_LIMIT_BYTES : null,
    };
  } catch (error) {
    throw diskError(error, directory);
  }
}

/**
 * Throws DISK_FULL where `bytes` more would eat into the reserve, and says what would have to be free for
 * them; DISK_ERROR, NO_PERMISSION.
 */
export function checkRoom(fs: FileSystem, directory: string, bytes: number): void {
  const room = roomIn(fs, directory);
  if (missingBytes(room, bytes) > 0) {
    const { freeBytes, reserveBytes } = room;
    const wanted = { bytes: bytes + reserveBytes, freeBytes };
    throw new DroplineError('DISK_FULL', { path: directory, ...wanted });
  }
}
