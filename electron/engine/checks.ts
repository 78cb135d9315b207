import type { Failure } from '../../shared/errors.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import type { History } from './history.ts';
import type { Log } from './log.ts';
import type { Store } from './state/store.ts';
import { realClock } from './transfer/ports.ts';
import type { CheckEvent } from './transfer/check-messages.ts';
import type { ReceiveThread, Receipts } from './transfer/workers.ts';

export interface Checks {
  /** Who keeps what is checked against. */
  readonly receipts: () => Receipts;
  start(transfer: Transfer): void;
  stop(transferId: TransferId): void;
  heard(event: CheckEvent): void;
  /** The thread died. */
  lost(why: Failure): void;
}

interface ChecksOptions {
  readonly store: Store;
  readonly history: History;
  readonly log: Log;
  /** The thread that receives, started where it is not there: a device that only sends has none. */
  readonly thread: () => ReceiveThread;
}

/** Lets the thread verify again what was received, and keeps what it found. */
export function createChecks({ store, history, log, thread }: ChecksOptions): Checks {
  const running = new Set<TransferId>();

  const heard = (event: CheckEvent): void => {
    const times = { nowMs: realClock.nowMs(), epochMs: Date.now() };
    store.apply({ kind: 'transferEvent', event, times });
    if (event.kind === 'checking') return;
    const { transferId, outcome } = event;
    running.delete(transferId);
    log.info(`${transferId} checked ${outcome.kind}`);
    const transfer = store.state.transfers.find(({ id }) => id === transferId);
    if (transfer?.phase !== 'delivered' || transfer.check?.state !== 'done') return;
    if (outcome.kind !== 'done') return;
    history.addCheck(transferId, transfer.check).catch((error: unknown) => {
      log.warn(`history: ${String(error)}`);
    });
  };

  return {
    heard,
    receipts: thread,
    start: ({ id: transferId, totals }) => {
      running.add(transferId);
      heard({ kind: 'checking', transferId, bytes: 0 });
      thread().post({ kind: 'verify', transferId, arrived: totals.files });
    },
    stop: (transferId) => {
      if (running.has(transferId)) thread().post({ kind: 'stopVerify', transferId });
    },
    lost: (why) => {
      for (const transferId of [...running]) {
        heard({ kind: 'checked', transferId, outcome: { kind: 'failed', failure: why } });
      }
    },
  };
}
