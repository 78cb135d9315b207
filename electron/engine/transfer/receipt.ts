import { join, relative, sep } from 'node:path';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { fromHex } from '../../../shared/protocol/hash-tree.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import { FileHashes } from './file-hashes.ts';
import type { JournalContent } from './journal-records.ts';
import { indexesOf } from './refused-entries.ts';

/** A finished journal tells what arrived: where each file was put, how long it was, and its hash. */

export interface ReceivedFile {
  /** Absolute: where it was put. */
  readonly path: string;
  /** The folders on the way to it, below the one that things are received in. */
  readonly folders: readonly string[];
  /** For people: below the folder that things are received in. */
  readonly name: string;
  readonly bytes: number;
  readonly hash: Uint8Array;
}

export interface Receipt {
  readonly hash: HashAlgorithm;
  /** How many files it tells of. */
  readonly count: number;
  /** In the order in which they were offered. Made one by one: there may be many. */
  files(): Iterable<ReceivedFile>;
}

/** The folder of a home that receipts are kept in. */
export function receiptsIn(home: string): string {
  return join(home, 'receipts');
}

export function receiptName(transferId: TransferId): string {
  return `${transferId}.jsonl`;
}

/** null: its list of files is damaged. A fact that is damaged costs the file that it tells of. */
export function receiptOf({ header, list, facts }: JournalContent): Receipt | null {
  if (list === null) return null;
  const hashes = new FileHashes(list.length);
  const published = new Map<number, string>();
  const folders = new Map<string, string>();
  for (const fact of facts) {
    if ('index' in fact && (list[fact.index]?.bytes ?? null) === null) continue;
    switch (fact.record) {
      case 'whole':
        hashes.set(fact.index, fromHex(fact.hash));
        break;
      case 'dropped':
        hashes.delete(fact.index);
        break;
      case 'refused':
        for (const index of indexesOf(fact.ranges)) if (index < list.length) hashes.delete(index);
        break;
      case 'published':
      case 'identical':
        hashes.set(fact.index, fromHex(fact.hash));
        published.set(fact.index, fact.path);
        break;
      // a crash between the two: the delivery went on with the folder that it found there
      case 'publishingFolder':
      case 'publishedFolder':
        folders.set(fact.name, fact.path);
        break;
      case 'publishing':
      case 'replacing':
      case 'replacedBefore':
      case 'madeFolder':
      case 'called':
      case 'done':
      case 'discarded':
      case 'undone':
        break;
    }
  }
  const pathOf = (index: number): string | null => {
    const [top = '', ...rest] = list[index]?.saved ?? [];
    const folder = folders.get(top);
    return published.get(index) ?? (folder === undefined ? null : join(folder, ...rest));
  };
  for (const index of [...hashes.indexes()]) if (pathOf(index) === null) hashes.delete(index);
  return {
    hash: header.hash,
    count: hashes.size,
    *files() {
      for (const index of hashes.indexes()) {
        const path = pathOf(index) ?? '';
        const way = relative(header.directory, path).split(sep);
        yield {
          path,
          folders: way
            .slice(0, -1)
            .map((_, depth) => join(header.directory, ...way.slice(0, depth + 1))),
          name: way.join('/'),
          bytes: list[index]?.bytes ?? 0,
          hash: hashes.get(index) ?? new Uint8Array(0),
        };
      }
    },
  };
}
