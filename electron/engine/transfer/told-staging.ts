import type { JournalHeader, ListedEntry } from './journal-records.ts';
import type { FileSystem } from './ports.ts';
import { Staging } from './staging.ts';
import { UnwantedEntries } from './unwanted-entries.ts';

/** Where a delivery that only a journal knows has put what is not whole yet. */
export function toldStaging(
  fs: FileSystem,
  { directory, token, merged, unwanted: record }: JournalHeader,
  list: readonly ListedEntry[],
): Staging {
  const unwanted = UnwantedEntries.of(record, list.length);
  return new Staging(
    fs,
    directory,
    token,
    list.map(({ bytes, saved }, index) => ({
      kind: bytes === null ? 'directory' : 'file',
      saved,
      isUnwanted: unwanted.has(index),
    })),
    merged.map(({ name }) => name),
  );
}
