import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiskImage } from './disk-log.ts';
import { contentOf, pathsIn } from './disk-log.ts';

/** Puts a folder of a simulated disk onto the real one, for a reader that knows nothing of ours. */
export function materialise(image: DiskImage, folder: string, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const [path, inode] of pathsIn(image)) {
    if (!path.startsWith(`${folder}/`)) continue;
    const real = join(target, path.slice(folder.length));
    if (inode.kind === 'directory') mkdirSync(real);
    else writeFileSync(real, contentOf(inode));
  }
}
