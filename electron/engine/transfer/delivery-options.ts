import type { TransferId } from '../../../shared/model/transfer.ts';
import type { Entries, HashAlgorithm } from '../../../shared/protocol/messages.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import type { Paths } from '../../../shared/protocol/path-list.ts';
import type { Listing } from '../../../shared/protocol/listing.ts';
import { listingOf } from '../../../shared/protocol/listing.ts';
import type { FolderDisk } from './folder-disk.ts';
import type { ListedEntry } from './journal-records.ts';
import type { Journal } from './journal.ts';
import type { MergedTop } from './merge-plan.ts';
import type { UnwantedEntries } from './unwanted-entries.ts';

/** What a delivery is made of. */
export interface DeliveryOptions {
  /** Below `directory`. */
  readonly fs: FolderDisk;
  /** Open until the delivery is done or discarded. */
  readonly journal: Journal;
  readonly directory: string;
  /** What the journal is called by. */
  readonly journalId: TransferId;
  /** In every hidden name. */
  readonly token: string;
  readonly entries: Entries;
  /** The receiver's own plan of every path (wire-path.ts), by entry. */
  readonly saved: Paths;
  readonly hash: HashAlgorithm;
  /** Files that are not wanted here, and why: they fail with that. */
  readonly skip: readonly FileProblem[];
  /** What the person did not choose: it neither comes nor fails. */
  readonly unwanted: UnwantedEntries;
  /** Tops that go into what is there. */
  readonly merged: readonly MergedTop[];
  /** By entry: the stamp of the file that it meets there; null: none. */
  readonly met: readonly (string | null)[];
}

/** What the sender is told not to send, and why. */
export function skipped({ entries, skip, unwanted }: DeliveryOptions): readonly FileProblem[] {
  return [...skip, ...unwanted.declined(entries)];
}

/** As its journal lists them. */
export function listedAs({
  entries,
  saved,
  met,
}: Pick<DeliveryOptions, 'entries' | 'saved' | 'met'>): Listing<ListedEntry> {
  return listingOf(entries.length, (index) => {
    const entry = entries.at(index);
    const bytes = entry?.kind === 'file' ? entry.bytes : null;
    return { bytes, saved: saved.at(index) ?? [], met: met[index] ?? null };
  });
}
