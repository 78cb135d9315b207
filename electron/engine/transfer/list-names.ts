import type { FileSystem } from './ports.ts';
import { attempt } from './system-errors.ts';

const NAMES_PER_STEP = 20;

/** What is in a folder, in the order of the disk. Yields after each small step. Throws what the disk does. */
export function* namesIn(fs: FileSystem, path: string): Generator<void, string[]> {
  const listing = fs.opendirSync(path);
  const names: string[] = [];
  try {
    for (let entry = listing.readSync(); entry !== null; entry = listing.readSync()) {
      names.push(entry.name);
      if (names.length % NAMES_PER_STEP === 0) yield;
    }
  } finally {
    attempt(() => {
      listing.closeSync();
    });
  }
  return names;
}
