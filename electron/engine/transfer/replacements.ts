import { dirname, join } from 'node:path';
import { diskBelow } from './folder-disk.ts';
import type { JournalContent } from './journal-records.ts';
import type { FileSystem } from './ports.ts';
import { isRealDirectory, removeEmptyPlaces } from './undo-place.ts';
import { mayBeThere } from './staging.ts';
import { attempt } from './system-errors.ts';

/** A file that was replaced, and what took its place. */
export interface Replacement {
  readonly path: string;
  /** Where the old one is, below the destination. */
  readonly kept: string;
  /** The new one's, as hex. */
  readonly hash: string;
}

/** What a delivery replaced and still keeps, in that order. Touches nothing. */
export function replacementsOf(disk: FileSystem, content: JournalContent): readonly Replacement[] {
  const { header, facts } = content;
  const fs = diskBelow(disk, header.directory);
  const found: Replacement[] = [];
  for (const fact of facts) {
    if (fact.record !== 'replacing' && fact.record !== 'replacedBefore') continue;
    const { path, kept, hash } = fact;
    if (mayBeKept(fs, join(header.directory, kept))) found.push({ path, kept, hash });
  }
  return found;
}

/**
 * Removes for good what a delivery replaced: the files that its journal names, and their folders where
 * nothing else is in them. false: something is left.
 */
export function removeReplaced(disk: FileSystem, content: JournalContent): boolean {
  const { directory } = content.header;
  const fs = diskBelow(disk, directory);
  const kept = replacementsOf(fs, content).map((one) => one.kept);
  for (const path of kept) {
    attempt(() => {
      fs.unlinkSync(join(directory, path));
    });
  }
  removeEmptyPlaces(fs, directory, kept);
  return !kept.some((path) => mayBeThere(fs, join(directory, path)));
}

function mayBeKept(fs: FileSystem, path: string): boolean {
  try {
    // a link in the place of the folder would lead elsewhere
    if (!isRealDirectory(fs, dirname(path))) return false;
  } catch {
    return true;
  }
  return mayBeThere(fs, path);
}
