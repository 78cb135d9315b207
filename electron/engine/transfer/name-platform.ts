import type { NamePlatform } from '../../../shared/protocol/name-rules.ts';
import { mappedName } from '../../../shared/protocol/name-rules.ts';
import type { FileSystem } from './ports.ts';
import { diskError } from './system-errors.ts';

/** Whose rules for names hold on this computer. */
export const namePlatform: NamePlatform =
  process.platform === 'win32' ? 'win' : process.platform === 'darwin' ? 'mac' : 'linux';

/** What Linux calls FAT; its sizes have 32 bits. Other systems do not tell it apart. */
export const FAT = 0x4d44;
const EXFAT = 0x2011_bab0;
const NTFS3 = 0x7366_746e;

/** Made for Windows: they refuse its illegal characters wherever they are plugged in, and fold case. */
const WINDOWS_DISKS: ReadonlySet<number> = new Set([FAT, EXFAT, NTFS3]);

/**
 * Whose rules hold in that folder: a stick may be stricter than the system that it is plugged into. A Mac
 * maps what such a disk refuses by itself. Throws DISK_ERROR, NO_PERMISSION.
 */
export function namePlatformIn(fs: FileSystem, directory: string): NamePlatform {
  if (namePlatform !== 'linux') return namePlatform;
  try {
    return WINDOWS_DISKS.has(fs.statfsSync(directory).type) ? 'win' : namePlatform;
  } catch (error) {
    throw diskError(error, directory);
  }
}

/** What a name that may stand on this computer is called on the disk of that folder. Throws as above. */
export function nameIn(fs: FileSystem, directory: string, name: string): string {
  return mappedName(name, namePlatformIn(fs, directory));
}
