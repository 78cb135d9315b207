import type { Failure } from '../../shared/errors.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { Store } from './state/store.ts';
import type { TransferEvent } from './transfer/worker-messages.ts';

type Direction = Transfer['direction'];

export function unfinished({ state }: Store, direction: Direction): readonly Transfer[] {
  return state.transfers.filter((one) => one.direction === direction && !isFinished(one));
}

/** Their thread is gone. */
export function failAll(
  transfers: readonly Transfer[],
  why: Failure,
  emit: (event: TransferEvent) => void,
): void {
  const outcome = { kind: 'failed', failure: why } as const;
  for (const { id } of transfers) emit({ kind: 'ended', transferId: id, outcome });
}
