import { createContext, useContext } from 'react';
import type {
  Answer,
  Asked,
  CommandInput,
  CommandName,
  CommandOutput,
} from '../shared/contract.ts';
import type { Folder, Selection } from '../shared/contract.ts';
import type { Failure } from '../shared/errors.ts';
import type { Snapshot } from '../shared/model/snapshot.ts';

/** What is lost on the way through this face, and a person should know before sending. */
export type Caveat = 'noExecBits' | 'noEmptyFolders';

/** What was dropped or picked and waits to be sent. */
export interface Staged {
  readonly selection: Selection;
  readonly caveats: readonly Caveat[];
}

/** `lost`: the engine cannot be heard; the bridge tries again by itself. */
export type Link = 'connecting' | 'open' | 'lost';

/** How the window reaches the engine. The window does not know which face carries it. */
export interface Bridge {
  readonly face: 'desktop' | 'console';
  call<C extends CommandName>(name: C, input: CommandInput<C>): Promise<Answer<CommandOutput<C>>>;
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  link(): Link;
  subscribeLink(listener: () => void): () => void;
  /** Must be called while the drop event is being handled: afterwards its data is gone. */
  stageDrop(data: DataTransfer): Promise<Answer<Staged>>;
  /** Files that were pasted, of which some may lie nowhere on a disk. */
  stagePaste(files: readonly File[]): Promise<Answer<Staged>>;
  /** null: the person closed the dialog. */
  pick(kind: 'files' | 'folder'): Promise<Answer<Staged | null>>;
  /** Lets go of what was staged and is not wanted. */
  release(selectionId: string): void;
  readonly folders: FolderChoice;
  /** Calls back with what the system around the window asks of it. Returns the way out. */
  onAsked(listener: (asked: Asked) => void): () => void;
}

/** Where the system has a dialog it is used; a browser has none, and the person types the path. */
export type FolderChoice =
  | { readonly by: 'dialog'; readonly choose: () => Promise<Answer<Folder | null>> }
  | { readonly by: 'name'; readonly name: (path: string) => Promise<Answer<Folder>> };

const BridgeContext = createContext<Bridge | null>(null);
export const BridgeProvider = BridgeContext.Provider;

export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (bridge === null) throw new Error('The window was drawn without a bridge.');
  return bridge;
}

export type ReportFailure = (failure: Failure) => void;

const ReportContext = createContext<ReportFailure>(() => undefined);
export const ReportProvider = ReportContext.Provider;

export const useReport = (): ReportFailure => useContext(ReportContext);

/** Awaits an answer and shows its failure to the person; null where there is none to go on with. */
export function useAsk(): <T>(answer: Promise<Answer<T>>) => Promise<T | null> {
  const report = useReport();
  return async (promise) => {
    const answer = await promise;
    if (answer.ok) return answer.value;
    report(answer.failure);
    return null;
  };
}
