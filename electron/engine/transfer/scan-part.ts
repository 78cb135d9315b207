import { DroplineError } from '../../../shared/errors.ts';
import type { FileSystem } from './ports.ts';
import type { Scan } from './scan.ts';
import { Walk } from './scan.ts';

/** Some files of what was chosen once, and empty folders, by the paths under which they were listed. */
export interface Part {
  /** Where each top name lay. */
  readonly roots: ReadonlyMap<string, string>;
  /** In the order of the offer: those of one top name stand together. */
  readonly paths: readonly string[];
}

/**
 * Lists just these, under the paths that they had, as they are now. What is not there any more is left out.
 * Throws PATH_NOT_FOUND where nothing is left, SELECTION_GONE.
 */
export async function scanPart(
  fs: FileSystem,
  { roots, paths }: Part,
  signal: AbortSignal,
): Promise<Scan> {
  const walk = new Walk(fs, signal);
  for (const path of paths) {
    const kind = path.endsWith('/') ? 'directory' : 'file';
    const parts = path.split('/').filter((part) => part !== '');
    const real = roots.get(parts[0] ?? '');
    if (real === undefined) throw new DroplineError('SELECTION_GONE');
    await walk.addOne(parts, kind, real);
  }
  const [first] = walk.leftOut;
  if (walk.entries.length === 0 && first !== undefined) {
    throw new DroplineError(first.code, { path: first.path });
  }
  return walk.found;
}
