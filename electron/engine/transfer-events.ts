import type { ErrorCode } from '../../shared/errors.ts';
import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { History } from './history.ts';
import type { Log } from './log.ts';
import type { Store } from './state/store.ts';
import { realClock } from './transfer/ports.ts';
import type { TransferEvent } from './transfer/worker-messages.ts';
import type { Trust } from './trust.ts';
import type { UnfinishedSends } from './unfinished-sends.ts';

export interface TransferEventsOptions {
  readonly store: Store;
  readonly trust: Trust;
  readonly history: History;
  readonly log: Log;
  readonly unfinished: UnfinishedSends | null;
  readonly accept: () => AcceptPolicy;
  readonly onAccept: (transferId: TransferId) => void;
  /** It waits for a person. */
  readonly onAsk: (transferId: TransferId) => void;
  readonly onDecline: (transferId: TransferId, code: ErrorCode) => void;
}

/** Turns what the two transfer threads say into changes of the store, and does what follows from it. */
export class TransferEvents {
  readonly #options: TransferEventsOptions;

  constructor(options: TransferEventsOptions) {
    this.#options = options;
  }

  onEvent(direction: Transfer['direction'], told: TransferEvent): void {
    const { store, trust, unfinished } = this.#options;
    const event = direction === 'send' && unfinished ? unfinished.onEvent(told) : told;
    if (event.kind === 'offering') return;
    if (event.kind !== 'counts' && this.#isOfOtherDirection(direction, event.transferId)) {
      if (event.kind === 'offered') this.#options.onDecline(event.transferId, 'PEER_BUSY');
      return;
    }
    const times = { nowMs: realClock.nowMs(), epochMs: Date.now() };
    const verified = 'peer' in event && trust.isPaired(event.peer.id);
    store.apply({ kind: 'transferEvent', event, times, verified });
    if (event.kind === 'counts') return;
    this.#log(event);
    if (event.kind === 'offered') this.#answerAtOnce(event.transferId, verified);
    if (event.kind === 'ended') this.#remember(event.transferId);
  }

  /** Whoever receives our offer knows its id: offered back to us, it may not stand for ours. */
  #isOfOtherDirection(direction: Transfer['direction'], transferId: TransferId): boolean {
    const known = this.#transfer(transferId);
    return known !== undefined && known.direction !== direction;
  }

  #transfer(transferId: TransferId): Transfer | undefined {
    return this.#options.store.state.transfers.find((t) => t.id === transferId);
  }

  /** Accepting by itself is an answer given at once, and nothing else. */
  #answerAtOnce(transferId: TransferId, verified: boolean): void {
    const { accept, onAccept, onAsk, onDecline } = this.#options;
    const policy = accept();
    if (policy === 'all' || (policy === 'paired' && verified)) onAccept(transferId);
    else if (policy === 'paired') onDecline(transferId, 'DECLINED');
    else onAsk(transferId);
  }

  #remember(transferId: TransferId): void {
    const { history, log } = this.#options;
    const transfer = this.#transfer(transferId);
    if (!transfer || !isFinished(transfer)) return;
    history.add(transfer).catch((error: unknown) => {
      log.warn(`history: ${String(error)}`);
    });
  }

  #log(event: Exclude<TransferEvent, { kind: 'counts' }>): void {
    const outcome = event.kind === 'ended' ? ` ${event.outcome.kind}` : '';
    this.#options.log.info(`${event.transferId} ${event.kind}${outcome}`);
  }
}
