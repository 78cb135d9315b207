import type { Commands } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { canVerify } from '../../shared/model/transfer-actions.ts';
import type { Checks } from './checks.ts';
import type { History } from './history.ts';
import { withReceipts } from './receipts.ts';
import type { Store } from './state/store.ts';

interface VerifyCommandsOptions {
  readonly store: Store;
  readonly history: History;
  readonly manager: { readonly checks: Checks };
  readonly home: string;
}

export function createVerifyCommands({
  store,
  history,
  manager: { checks },
  home,
}: VerifyCommandsOptions): Pick<Commands, 'verify' | 'stopVerify'> {
  const fromHistory = async (transferId: TransferId): Promise<Transfer> => {
    const known = await history.find(transferId);
    const [transfer] = await withReceipts(home, known ? [known] : []);
    if (!transfer) throw new DroplineError('SELECTION_GONE');
    return store.state.transfers.find(({ id }) => id === transferId) ?? transfer;
  };

  return {
    verify: async ({ transferId }) => {
      const listed = store.state.transfers.find(({ id }) => id === transferId);
      const transfer = listed ?? (await fromHistory(transferId));
      if (transfer.phase === 'delivered' && transfer.check?.state === 'running') return null;
      if (!canVerify(transfer)) throw new DroplineError('NO_RECEIPT');
      // what is under way stands on the list, where it can be seen and stopped
      if (!listed) store.apply({ kind: 'transferAdded', transfer });
      checks.start(transfer);
      return null;
    },
    stopVerify: ({ transferId }) => {
      checks.stop(transferId);
      return Promise.resolve(null);
    },
  };
}
