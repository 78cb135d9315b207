import type { PhaseName, Transfer } from '../../shared/model/transfer.ts';
import type { Shell } from './shell.ts';
import type { Store } from './state/store.ts';

/** In these phases bytes go to the wire or the disk: a computer that slept would cut them off. */
const MOVING: ReadonlySet<PhaseName> = new Set(['transferring', 'finishing']);

export function movesBytes(transfers: readonly Pick<Transfer, 'phase'>[]): boolean {
  return transfers.some(({ phase }) => MOVING.has(phase));
}

/** Keeps the computer awake while bytes move, and no longer. Answers how to let go for good. */
export function followTransfers(
  store: Pick<Store, 'subscribe'>,
  shell: Pick<Shell, 'keepAwake'>,
): () => void {
  let letSleep: (() => void) | null = null;
  const hold = (isMoving: boolean): void => {
    if (isMoving) letSleep ??= shell.keepAwake();
    else {
      letSleep?.();
      letSleep = null;
    }
  };
  const unsubscribe = store.subscribe(({ transfers }) => {
    hold(movesBytes(transfers));
  });
  return () => {
    unsubscribe();
    hold(false);
  };
}
