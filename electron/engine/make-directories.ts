import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './transfer/system-errors.ts';

/**
 * From the first missing one down. Node's own recursive mkdir never returns where a parent exists but
 * takes no folders, as under /proc.
 */
export async function makeDirectories(directory: string, mode?: number): Promise<void> {
  try {
    await makeOne(directory, mode);
  } catch (error) {
    const parent = dirname(directory);
    const parentIsMissing =
      errnoOf(error) === 'ENOENT' && parent !== directory && !(await exists(parent));
    if (!parentIsMissing) throw error;
    await makeDirectories(parent, mode);
    await makeOne(directory, mode);
  }
}

/** One that is there already, made by somebody else this moment perhaps, will do. */
async function makeOne(directory: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(directory, mode);
  } catch (error) {
    const isThere = errnoOf(error) === 'EEXIST' && (await stat(directory)).isDirectory();
    if (!isThere) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
