import { lstat } from 'node:fs/promises';
import type { CommandInput, Commands } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';
import type { Target } from '../../shared/model/peer.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { canRetryFailed } from '../../shared/model/transfer-actions.ts';
import { FileLists } from './file-lists.ts';
import type { Handles } from './handles.ts';
import type { History } from './history.ts';
import { targetOf } from './send-again.ts';
import { withKept } from './sent-files.ts';
import type { SentPaths } from './sent-paths.ts';
import type { Shell } from './shell.ts';
import type { Store } from './state/store.ts';
import type { Threads } from './threads.ts';
import { pathError } from './transfer/system-errors.ts';

interface FileCommandsOptions {
  readonly store: Store;
  readonly history: History;
  readonly handles: Handles;
  readonly sent: SentPaths;
  readonly home: string;
  readonly shell: Shell;
  readonly manager: { readonly threads: Pick<Threads, 'send'> };
}

/** What this run was asked to send, and sending it. */
interface Sending {
  readonly input: (transferId: TransferId) => CommandInput<'send'> | undefined;
  readonly send: (input: CommandInput<'send'>) => { readonly transferId: TransferId };
  /** It goes on as another one. */
  readonly replaced: (transferId: TransferId) => void;
}

/** What can be asked of the files of a transfer. */
export function createFileCommands(
  { store, history, handles, sent, home, shell, manager }: FileCommandsOptions,
  sending: Sending,
): Pick<Commands, 'listFiles' | 'revealFile' | 'retryFailed'> {
  const lists = new FileLists({ home, thread: () => manager.threads.send });
  const find = async (transferId: TransferId): Promise<Transfer> => {
    const listed = store.state.transfers.find(({ id }) => id === transferId);
    if (listed) return listed;
    const past = await history.find(transferId);
    const [transfer] = past ? await withKept(home, [past]) : [];
    if (!transfer) throw new DroplineError('NO_FILE_LIST');
    return transfer;
  };
  return {
    listFiles: async (query) => lists.page((await find(query.transferId)).direction, query),
    revealFile: async (input) => {
      const { direction } = await find(input.transferId);
      const path = await lists.pathOf(direction, input);
      if (path === null) throw new DroplineError('PATH_NOT_FOUND');
      await lstat(path).catch((error: unknown) => {
        throw pathError(error, path);
      });
      await shell.reveal(path);
      return null;
    },
    retryFailed: async ({ transferId }) => {
      const transfer = await find(transferId);
      if (!canRetryFailed(transfer)) throw new DroplineError('NO_FILE_LIST');
      const before = sending.input(transferId);
      const to: Target = before?.to ?? targetOf(transfer, store);
      const selectionId = handles.stageFailed(transferId, {
        selectionId: before?.selectionId,
        paths: sent.get(transferId)?.paths ?? [],
      });
      const again = sending.send({ selectionId, to, mode: 'tls' });
      sending.replaced(transferId);
      return again;
    },
  };
}
