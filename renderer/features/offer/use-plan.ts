import { useEffect, useRef } from 'react';
import type { Folder } from '../../../shared/contract.ts';
import type { Choice } from '../../../shared/model/choice.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { Transfer } from '../../../shared/model/transfer.ts';
import { useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';

interface Chosen {
  /** The same one as long as nothing else is chosen; undefined: all of it. */
  readonly choice: Choice | undefined;
  readonly unwantedFiles: number;
}

interface Planned {
  /** Of the folder and the choice that are meant, and of no other; null until it is known. */
  readonly plan: Plan | null;
  /** Looks at the folder once more. */
  readonly look: () => Promise<unknown>;
}

/** What accepting an offer would do to a folder; null: the one from the settings. */
export function usePlan(
  offer: Transfer,
  folder: Folder | null,
  { choice, unwantedFiles }: Chosen,
): Planned {
  const self = usePart('self');
  const bridge = useBridge();
  const directory = folder?.path ?? self.directory;
  const known = offer.phase === 'offered' ? offer.plan : null;
  const look = () =>
    bridge.call('plan', { transferId: offer.id, folderId: folder?.folderId ?? null, choice });
  const isFirst = useRef(true);

  useEffect(() => {
    // The engine itself plans for the usual folder when an offer comes.
    const isOther = known === null ? folder !== null : known.directory !== directory;
    if (isOther || !isFirst.current) void look();
    isFirst.current = false;
    // Asked once for each folder and choice: another window may have asked for another one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [directory, choice]);

  const isMeant = known?.directory === directory && (known.unwantedFiles ?? 0) === unwantedFiles;
  return { plan: isMeant ? known : null, look };
}
