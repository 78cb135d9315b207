import { realpath as followLinks } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * The one spelling of a path that has many: by links anywhere, on Windows by capitals and short names too. Some
 * disks of Windows (of memory, of containers) do not tell it: there the links alone are followed.
 */
export async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => promisify(followLinks)(path));
}
