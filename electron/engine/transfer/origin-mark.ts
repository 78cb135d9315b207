import type { FileSystem } from './ports.ts';
import { attempt } from './system-errors.ts';

/** Says of a file that it came from elsewhere, in the way that a system asks before it runs one. */
export interface OriginMark {
  /** After the name of the file: a stream of the same file. */
  readonly suffix: string;
  readonly content: string;
}

/**
 * Of Windows: zone 3, the internet, as browsers write it. Nothing in it tells who sent the file, or from
 * where. null: the system has none, or none that can be written from here.
 */
export function originMark(platform: NodeJS.Platform): OriginMark | null {
  if (platform !== 'win32') return null;
  return { suffix: ':Zone.Identifier', content: '[ZoneTransfer]\r\nZoneId=3\r\n' };
}

/** Before the file has its final name. A disk without streams (FAT, exFAT, shares) still holds the file. */
export function markOrigin(fs: FileSystem, path: string): void {
  const mark = originMark(process.platform);
  if (mark === null) return;
  attempt(() => {
    const fd = fs.openSync(path + mark.suffix, 'w');
    try {
      fs.writeSync(fd, Buffer.from(mark.content));
    } finally {
      fs.closeSync(fd);
    }
  });
}
