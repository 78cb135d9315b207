import { readdir } from 'node:fs/promises';
import type { Transfer } from '../../shared/model/transfer.ts';
import { receiptName, receiptsIn } from './transfer/receipt.ts';

/** Marks those that can be verified again. One look at the folder, however many there are. */
export async function withReceipts<T extends Transfer>(
  home: string,
  transfers: readonly T[],
): Promise<readonly T[]> {
  if (!transfers.some(mayHaveOne)) return transfers;
  // where none was ever received there is no folder
  const names = new Set(await readdir(receiptsIn(home)).catch(() => []));
  return transfers.map((transfer) => {
    if (transfer.phase !== 'delivered') return transfer;
    const hasReceipt = mayHaveOne(transfer) && names.has(receiptName(transfer.id));
    return { ...transfer, hasReceipt };
  });
}

function mayHaveOne({ phase, direction, mode }: Transfer): boolean {
  return phase === 'delivered' && direction === 'receive' && mode === 'tls';
}
