import { DroplineError } from '../../../shared/errors.ts';
import type { FileSystem } from './ports.ts';
import { diskError } from './system-errors.ts';

const GIB = 1024 ** 3;

/** Kept free on the receiving disk, so that a delivery does not leave the computer without room. */
const RESERVE_BYTES = GIB;
const RESERVE_SHARE = 0.05;

/** Throws DISK_FULL where `bytes` more would eat into the reserve; DISK_ERROR, NO_PERMISSION. */
export function checkRoom(fs: FileSystem, directory: string, bytes: number): void {
  let freeBytes: number;
  let totalBytes: number;
  try {
    const disk = fs.statfsSync(directory);
    freeBytes = disk.bavail * disk.bsize;
    totalBytes = disk.blocks * disk.bsize;
  } catch (error) {
    throw diskError(error, directory);
  }
  const reserveBytes = Math.min(RESERVE_BYTES, totalBytes * RESERVE_SHARE);
  if (bytes > 0 && bytes + reserveBytes > freeBytes) {
    throw new DroplineError('DISK_FULL', { path: directory, bytes, freeBytes });
  }
}
