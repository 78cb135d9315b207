import type { BigIntStats } from 'node:fs';
import { isPlaceholder } from './placeholder.ts';
import type { FileSystem } from './ports.ts';
import { NO_LINKS } from './publish.ts';
import { errnoOf } from './system-errors.ts';

/** null: nothing is there. */
export function lookAt(fs: FileSystem, path: string): BigIntStats | null {
  return fs.lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
}

export function isSameFile(a: BigIntStats | null, b: BigIntStats | null): boolean {
  return a !== null && b !== null && a.ino === b.ino && a.dev === b.dev;
}

/**
 * Gives a file another name that nothing has, and leaves no half of that behind, however it is cut short.
 * Throws EEXIST, and what the disk does.
 */
export function moveToFree(fs: FileSystem, from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if (!NO_LINKS.has(errnoOf(error))) throw error;
    if (lookAt(fs, to)) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
    fs.renameSync(from, to);
    return;
  }
  fs.unlinkSync(from);
}

interface Replacing {
  readonly part: string;
  readonly path: string;
  /** Where the old file is kept. */
  readonly kept: string;
  readonly token: string;
}

/**
 * After a crash in the middle of replacing a file (replacer.ts): puts the old file back where the new one
 * had not taken its name. true: something has it, and the new one is no part file any more.
 */
export function settleReplaced(fs: FileSystem, { part, path, kept, token }: Replacing): boolean {
  const [isNew, now, old] = [lookAt(fs, part), lookAt(fs, path), lookAt(fs, kept)];
  if (isSameFile(now, old)) {
    fs.unlinkSync(kept);
    return false;
  }
  if (!isNew && now) return true;
  if (!old?.isFile()) return false;
  if (!now) moveToFree(fs, kept, path);
  // the disk knows a name of the new file besides its part, or a placeholder
  else if (isSameFile(now, isNew) || isPlaceholder(fs, path, token)) fs.renameSync(kept, path);
  return false;
}
