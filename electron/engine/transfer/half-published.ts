import { isPlaceholder } from './placeholder.ts';
import type { FileSystem } from './ports.ts';
import { isSameFile, lookAt } from './replace.ts';

/**
 * true: the crash came between the journal and the end of the move, as the part is there and so not moved.
 * Its second name is taken back, and so is the placeholder of a file system without links.
 */
export function takeBackHalf(fs: FileSystem, part: string, path: string, token: string): boolean {
  const before = lookAt(fs, part);
  if (!before) return false;
  const after = lookAt(fs, path);
  if (!after?.isFile()) return true;
  if (isSameFile(after, before) || isPlaceholder(fs, path, token)) fs.unlinkSync(path);
  return true;
}
