import { failure } from '../../shared/errors.ts';
import type { Peer, PeerId } from '../../shared/model/peer.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { NOTHING_MET, NO_PROBLEMS } from '../../shared/model/transfer.ts';
import type { Outbox, Unsent } from './outbox.ts';
import type { Store } from './state/store.ts';
import { isInterruption } from '../../shared/model/transfer-actions.ts';
import type { Clock } from './transfer/ports.ts';
import type { SendRequest, TransferEvent } from './transfer/worker-messages.ts';

/** How often a peer that is not announced is looked for where it was last. */
export const LOOK_AGAIN_MS = 15_000;
/** How long one look goes on before the next is waited for. */
const LOOK_FOR_MS = 2_000;

export interface UnfinishedSendsOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly send: (request: SendRequest) => void;
}

/**
 * Sends that were cut off go on by themselves: when their peer is announced, at any address, and now and
 * then where it was last. They outlive the program; what ends in any other way is forgotten here.
 */
export class UnfinishedSends {
  readonly #options: UnfinishedSendsOptions;
  /** What the send thread has now. */
  readonly #running = new Map<TransferId, SendRequest>();
  /** Where each was looked for last, so that only news starts another look. */
  readonly #triedAt = new Map<TransferId, string>();
  #stopTimer: () => void = () => undefined;
  #unsubscribe: () => void = () => undefined;

  constructor(options: UnfinishedSendsOptions) {
    this.#options = options;
  }

  /** Lists what an earlier run left, and looks for its peers. */
  start(): void {
    const { store, outbox, clock } = this.#options;
    for (const unsent of outbox.all) {
      store.apply({ kind: 'transferAdded', transfer: listed(unsent) });
    }
    this.#unsubscribe = store.subscribe(() => {
      this.#lookForAnnounced();
    });
    this.#stopTimer = clock.every(LOOK_AGAIN_MS, () => {
      for (const unsent of this.#waiting()) this.#look(unsent);
    });
    for (const unsent of this.#waiting()) this.#look(unsent);
  }

  stop(): void {
    this.#unsubscribe();
    this.#stopTimer();
  }

  /** The send thread has it from now on. */
  track(request: SendRequest): void {
    this.#running.set(request.transferId, request);
  }

  /** Waits without a thread that works on it: what is said to it is said here. */
  isWaiting(id: TransferId): boolean {
    return this.#options.outbox.get(id) !== null && !this.#running.has(id);
  }

  pause(id: TransferId): void {
    this.#change(id, { paused: true });
  }

  /** Goes on; one that waits looks for its peer now. */
  resume(id: TransferId): void {
    this.#change(id, { paused: false });
    const unsent = this.#options.outbox.get(id);
    if (unsent && this.isWaiting(id)) this.#look(unsent);
  }

  /** Nobody wants it any more. Its peer is told, if it is there. */
  cancel(id: TransferId): void {
    const unsent = this.#options.outbox.get(id);
    if (!unsent) return;
    this.#options.outbox.remove(id);
    this.#send({ ...this.#requestFor(unsent), purpose: 'cancel' });
  }

  /** What the send thread says, as the store should hear it. */
  onEvent(event: TransferEvent): TransferEvent {
    if (event.kind === 'offering') this.#remember(event);
    if (event.kind !== 'ended') return event;
    const { transferId, outcome } = event;
    this.#running.delete(transferId);
    const isCut = outcome.kind === 'failed' && isInterruption(outcome.failure);
    if (!isCut || !this.#options.outbox.get(transferId)) {
      this.#options.outbox.remove(transferId);
      return event;
    }
    this.#change(transferId, { bytes: this.#bytesOf(transferId) });
    return { kind: 'interrupted', transferId, failure: outcome.failure };
  }

  #remember({ transferId, offerId, entriesKey }: TransferEvent & { kind: 'offering' }): void {
    const { store, outbox } = this.#options;
    const request = this.#running.get(transferId);
    const transfer = store.state.transfers.find(({ id }) => id === transferId);
    const peerId = transfer?.peer.id;
    if (!transfer || !peerId || request?.source.kind !== 'paths') return;
    const { items, itemCount, totals, startedAtMs, peer } = transfer;
    const before = outbox.get(transferId);
    outbox.put({
      transferId,
      offerId,
      entriesKey,
      paths: [...request.source.paths],
      peer: { id: peerId, name: peer.name, address: peer.address, port: request.port },
      items: [...items],
      itemCount,
      totals,
      bytes: before?.bytes ?? 0,
      startedAtMs,
      paused: before?.paused ?? false,
    });
  }

  #waiting(): Unsent[] {
    const { outbox } = this.#options;
    return outbox.all.filter(({ transferId, paused }) => !paused && this.isWaiting(transferId));
  }

  #lookForAnnounced(): void {
    for (const unsent of this.#waiting()) {
      const where = this.#announced(unsent.peer.id);
      const place = where && wordsOf(where);
      if (place !== null && this.#triedAt.get(unsent.transferId) !== place) this.#look(unsent);
      if (place === null) this.#triedAt.delete(unsent.transferId);
    }
  }

  #look(unsent: Unsent): void {
    const where = this.#announced(unsent.peer.id);
    if (where) {
      this.#triedAt.set(unsent.transferId, wordsOf(where));
    }
    this.#send(this.#requestFor(unsent));
  }

  #announced(peerId: PeerId): Where | null {
    return this.#options.store.state.discovered.find(({ id }) => id === peerId) ?? null;
  }

  #requestFor({ transferId, offerId, entriesKey, paths, peer }: Unsent): SendRequest {
    const last: Where = { addresses: [peer.address], port: peer.port };
    const where = this.#announced(peer.id) ?? last;
    return {
      transferId,
      mode: 'tls',
      source: { kind: 'paths', paths },
      addresses: where.addresses,
      port: where.port,
      elsewhere: where.elsewhere,
      expectedPeerId: peer.id,
      resumes: { offerId, entriesKey },
      purpose: 'deliver',
      retryForMs: LOOK_FOR_MS,
    };
  }

  #send(request: SendRequest): void {
    this.track(request);
    this.#options.send(request);
  }

  #change(id: TransferId, change: Partial<Unsent>): void {
    const unsent = this.#options.outbox.get(id);
    if (unsent) this.#options.outbox.put({ ...unsent, ...change });
  }

  #bytesOf(id: TransferId): number {
    const transfer = this.#options.store.state.transfers.find((t) => t.id === id);
    return transfer && 'bytes' in transfer ? transfer.bytes : 0;
  }
}

type Where = Pick<Peer, 'addresses' | 'port' | 'elsewhere'>;

function wordsOf({ addresses, port, elsewhere }: Where): string {
  return JSON.stringify([addresses, port, elsewhere]);
}

function listed(unsent: Unsent): Transfer {
  const { transferId, peer, items, itemCount, totals, startedAtMs, bytes, paused } = unsent;
  const transfer = {
    id: transferId,
    direction: 'send',
    mode: 'tls',
    peer: { id: peer.id, name: peer.name, address: peer.address, verified: false },
    items,
    itemCount,
    totals,
    leftOut: NO_PROBLEMS,
    startedAtMs,
    keptBytes: 0,
    savedAs: null,
    ...NOTHING_MET,
    canRetry: false,
  } as const;
  return paused
    ? { ...transfer, phase: 'paused', bytes, files: 0, by: 'us' }
    : { ...transfer, phase: 'interrupted', bytes, failure: failure('INTERRUPTED') };
}
