import { useEffect } from 'react';
import type { Folder } from '../../../shared/contract.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { Transfer } from '../../../shared/model/transfer.ts';
import { useBridge } from '../../bridge.ts';
import { useSnapshot } from '../../snapshot.ts';

interface Planned {
  /** Of the folder that is meant, and of no other; null until it is known. */
  readonly plan: Plan | null;
  /** Looks at the folder once more. */
  readonly look: () => Promise<unknown>;
}

/** What accepting an offer would do to a folder; null: the one from the settings. */
export function usePlan(offer: Transfer, folder: Folder | null): Planned {
  const { self } = useSnapshot();
  const bridge = useBridge();
  const directory = folder?.path ?? self.directory;
  const known = offer.phase === 'offered' ? offer.plan : null;
  const look = () =>
    bridge.call('plan', { transferId: offer.id, folderId: folder?.folderId ?? null });

  useEffect(() => {
    // The engine itself plans for the usual folder when an offer comes.
    if (known === null ? folder !== null : known.directory !== directory) void look();
    // Asked once for each folder: another window may have asked for another one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [directory]);

  return { plan: known?.directory === directory ? known : null, look };
}
