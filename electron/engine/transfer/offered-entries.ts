import { createHash } from 'node:crypto';
import type { Entry } from '../../../shared/protocol/messages.ts';

/**
 * Two offers with the same key list the same files. The times of directories do not count: they change
 * with things that nobody sends.
 */
export function keyOf(entries: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const entry of entries) {
    const { kind, path } = entry;
    hash.update(JSON.stringify(kind === 'directory' ? { kind, path } : entry));
  }
  return hash.digest('hex');
}

/** A hundred thousand paths cost less when what is saved as it is called shares one array. */
export function withSharedPaths(
  entries: readonly Entry[],
  saved: readonly (readonly string[])[],
): readonly Entry[] {
  return entries.map((entry, index) => {
    const path = saved[index];
    const same = path?.length === entry.path.length && path.every((p, n) => p === entry.path[n]);
    return same ? { ...entry, path } : entry;
  });
}
