import type { FileSystem } from './ports.ts';
import { readInTurns } from './read-journal.ts';
import type { Receipt } from './receipt.ts';
import { receiptOf } from './receipt.ts';

/** null: it is not there, is damaged where it may not be, or nobody wants it any more. */
export async function readReceipt(
  fs: FileSystem,
  path: string,
  isWanted: () => boolean,
): Promise<Receipt | null> {
  const content = await readInTurns(fs, path, isWanted);
  return content && receiptOf(content);
}
