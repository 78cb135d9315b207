import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { withReceipts } from './receipts.ts';
import { sentListName, sentListsIn } from './transfer/sent-list.ts';

/** What became of the files of a send is in a file of its own for each, which the send thread writes. */
export class KeptLists {
  readonly #names: ReadonlySet<string>;

  private constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  /** One look at the folder, however many there are. */
  static async in(home: string): Promise<KeptLists> {
    // where nothing was ever sent there is no folder
    return new KeptLists(new Set(await readdir(sentListsIn(home)).catch(() => [])));
  }

  has(transferId: TransferId): boolean {
    return this.#names.has(sentListName(transferId));
  }
}

/** Marks those that can be verified again, and those whose files can be listed. */
export async function withKept<T extends Transfer>(
  home: string,
  transfers: readonly T[],
): Promise<readonly T[]> {
  const lists = await KeptLists.in(home);
  return (await withReceipts(home, transfers)).map((transfer) => {
    if (transfer.direction !== 'send') return transfer;
    return { ...transfer, hasFileList: lists.has(transfer.id) };
  });
}

/** But for those that go on. Throws what the disk does. */
export async function clearSentLists(home: string, goesOn: ReadonlySet<TransferId>): Promise<void> {
  const folder = sentListsIn(home);
  const kept = new Set([...goesOn].map(sentListName));
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!kept.has(name)) await rm(join(folder, name), { force: true });
  }
}
