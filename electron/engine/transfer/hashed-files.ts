import type { HashedFile } from '../../../shared/protocol/hash-tree.ts';
import type { Listing } from '../../../shared/protocol/listing.ts';
import { listingOf } from '../../../shared/protocol/listing.ts';
import type { Entries } from '../../../shared/protocol/messages.ts';

const NONE = new Uint8Array(0);

/** Those of the entries that have a hash, which stays what it is while they are read. */
export function hashedFiles(
  entries: Entries,
  hashOf: (index: number) => Uint8Array | null,
): Listing<HashedFile> {
  const indexes = new Uint32Array(entries.length);
  let count = 0;
  for (let index = 0; index < entries.length; index++) {
    if (hashOf(index)) indexes[count++] = index;
  }
  return listingOf(count, (row) => {
    const index = indexes[row] ?? 0;
    return { path: entries.at(index)?.path ?? [], hash: hashOf(index) ?? NONE };
  });
}
