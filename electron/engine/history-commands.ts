import { lstat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Commands } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import { canUndo } from '../../shared/model/transfer-actions.ts';
import type { Checks } from './checks.ts';
import type { History } from './history.ts';
import { removePasted } from './pasted.ts';
import { clearSentLists, withKept } from './sent-files.ts';
import type { SentPaths } from './sent-paths.ts';
import type { Shell } from './shell.ts';
import type { Store } from './state/store.ts';
import { clearTexts, readLink, readText } from './texts.ts';
import { pathError } from './transfer/system-errors.ts';

interface HistoryCommandsOptions {
  readonly manager: { readonly checks: Pick<Checks, 'receipts'> };
  readonly store: Store;
  readonly history: History;
  readonly sent: SentPaths;
  readonly home: string;
  readonly shell: Shell;
}

/** A drive that does not answer is not waited for: whether it is there is then said by the click. */
const LOOK_FOR_MS = 500;

/** What can be asked of what has ended. `onForgotten` hears of each transfer that went off the list. */
export function createHistoryCommands(
  { store, history, sent, home, shell, manager }: HistoryCommandsOptions,
  onForgotten: (transferId: TransferId) => void,
): Pick<Commands, 'reveal' | 'readText' | 'openLink' | 'undo' | 'searchHistory' | 'clearHistory'> {
  const find = async (transferId: TransferId): Promise<Transfer> => {
    const listed = store.state.transfers.find(({ id }) => id === transferId);
    const transfer = listed ?? (await history.find(transferId));
    if (!transfer) throw new DroplineError('SELECTION_GONE');
    return transfer;
  };
  return {
    undo: async ({ transferId }) => {
      const transfer = await find(transferId);
      if (!canUndo(transfer)) throw new DroplineError('NOTHING_TO_UNDO');
      await manager.checks.receipts().undo(transferId);
      store.apply({ kind: 'transferUndone', transferId });
      // told at once; a history that cannot be written offers it again, and then it does no more
      await history.addUndone(transferId).catch(() => undefined);
      return null;
    },
    reveal: async ({ transferId }) => {
      const transfer = await find(transferId);
      const { savedAs } = transfer;
      if (savedAs === null) throw new DroplineError('PATH_NOT_FOUND');
      await lstat(savedAs).catch((error: unknown) => {
        throw pathError(error, savedAs);
      });
      await shell.reveal(savedAs);
      return null;
    },
    readText: async ({ transferId }) => ({ text: await readText(await find(transferId)) }),
    openLink: async ({ transferId, href }) => {
      const now = await readLink(await find(transferId));
      // what a person said yes to, and not what has come in its place
      if (now !== href) throw new DroplineError('FILE_CHANGED_SINCE');
      await shell.openLink(now);
      return null;
    },
    searchHistory: async (query) => {
      const { transfers, total } = await history.search(query);
      const there = await stillThere(transfers);
      const again = transfers.filter(({ id }) => sent.get(id) !== null).map(({ id }) => id);
      return { transfers: await withKept(home, transfers), total, there, again };
    },
    clearHistory: async () => {
      // what ends meanwhile is not among what a person wanted to be rid of
      const ended = new Set(store.state.transfers.filter(isFinished).map(({ id }) => id));
      await manager.checks.receipts().clearReceipts();
      await history.clear();
      const unfinished = store.state.transfers.filter((transfer) => !isFinished(transfer));
      const goesOn = new Set(unfinished.map(({ id }) => id));
      await removePasted(home, sent.pathsBut(goesOn));
      await clearSentLists(home, withEarlier(goesOn, sent));
      await sent.clear();
      const isWanted = (transferId: TransferId): boolean =>
        !ended.has(transferId) && store.state.transfers.some(({ id }) => id === transferId);
      await clearTexts(home, isWanted);
      for (const transferId of ended) {
        if (!store.state.transfers.some(({ id }) => id === transferId)) continue;
        store.apply({ kind: 'transferDismissed', transferId });
        onForgotten(transferId);
      }
      return null;
    },
  };
}

/** What is sent again in part needs the list of what it is a part of. */
function withEarlier(goesOn: ReadonlySet<TransferId>, sent: SentPaths): ReadonlySet<TransferId> {
  const earlier = [...goesOn].flatMap((id) => sent.get(id)?.failedOf ?? []);
  return new Set([...goesOn, ...earlier]);
}

async function stillThere(transfers: readonly Transfer[]): Promise<readonly TransferId[]> {
  const given = new AbortController();
  const patience = wait(LOOK_FOR_MS, true, { signal: given.signal }).catch(() => true);
  const looks = transfers.map(async ({ id, direction, savedAs }) => {
    if (direction !== 'receive' || savedAs === null) return null;
    const found = lstat(savedAs).then(
      () => true,
      () => false,
    );
    return (await Promise.race([found, patience])) ? id : null;
  });
  const seen = await Promise.all(looks);
  given.abort();
  return seen.filter((id) => id !== null);
}
