import { accessSync, constants, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

const IN_MEMORY = '/dev/shm';
const TMPFS = 0x01021994;
/** Several times what the files of a suite write side by side. */
const NEEDED_BYTES = 4 * 1024 ** 3;

/**
 * A folder for what tests write that is kept in memory; null: this machine has none with enough room.
 * The engine's tests make and remove a hundred thousand files, and never ask what a power loss leaves on a
 * disk: that is asked of a simulated one. Whole programs and the fault matrix have the real one.
 * @returns {string | null}
 */
export function quickFolder() {
  if (process.platform !== 'linux') return null;
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { type, bavail, bsize } = statfsSync(IN_MEMORY);
    const isEnough = bavail * bsize >= NEEDED_BYTES && freemem() >= NEEDED_BYTES;
    return type === TMPFS && isEnough ? IN_MEMORY : null;
  } catch {
    return null;
  }
}
