import { DroplineError } from '../../shared/errors.ts';
import type { Target } from '../../shared/model/peer.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import type { Handles } from './handles.ts';
import type { History } from './history.ts';
import type { SentPaths } from './sent-paths.ts';
import type { Store } from './state/store.ts';

interface SendAgainOptions {
  readonly store: Store;
  readonly history: History;
  readonly handles: Handles;
  readonly sent: SentPaths;
}

/**
 * What was sent once, as it is now, to the device that got it then. Throws SELECTION_GONE where nothing is
 * known of it any more, and what `stagePaths` throws.
 */
export async function stageAgain(
  { store, history, handles, sent }: SendAgainOptions,
  transferId: TransferId,
): Promise<{ readonly selectionId: string; readonly to: Target }> {
  const listed = store.state.transfers.find(({ id }) => id === transferId);
  const transfer = listed ?? (await history.find(transferId));
  const chosen = sent.get(transferId);
  if (!transfer || !chosen) throw new DroplineError('SELECTION_GONE');
  const { failedOf } = chosen;
  const selectionId = failedOf
    ? handles.stageFailed(failedOf, chosen)
    : (await handles.stagePaths(chosen.paths, chosen.content)).selectionId;
  return { selectionId, to: targetOf(transfer, store) };
}

/** Where it is now, if it is in sight; else where it was. It must be the same device in any case. */
export function targetOf({ peer }: Transfer, store: Store): Target {
  const inSight = store.state.peers.find(({ id }) => id !== null && id === peer.id);
  if (inSight) return { kind: 'peer', key: inSight.key };
  return { kind: 'address', host: peer.address, port: null, expectedPeerId: peer.id };
}
