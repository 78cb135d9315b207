import { failure } from '../../shared/errors.ts';
import type { Place } from '../../shared/model/peer.ts';
import type { Unwanted } from '../../shared/model/unwanted.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { offeredTotals } from '../../shared/model/transfer.ts';
import { listed, offerOf } from './listed-send.ts';
import type { Outbox, Unsent } from './outbox.ts';
import { announcedPlaces } from './peer-news.ts';
import type { Store } from './state/store.ts';
import { isInterruption } from '../../shared/model/transfer-actions.ts';
import type { Clock } from './transfer/ports.ts';
import type { SendRequest, TransferEvent } from './transfer/worker-messages.ts';
import type { SendThread } from './transfer/workers.ts';

/** How often a peer that is not announced is looked for where it was last. */
export const LOOK_AGAIN_MS = 15_000;
/** How long one look goes on before the next is waited for. */
const LOOK_FOR_MS = 2_000;
/** How long it is tried to tell a peer that something was cancelled. By the calendar: over restarts, too. */
export const TELL_FOR_MS = 30 * 24 * 3600 * 1000;

/** Each of them is taken back by itself when nobody wants it any more. */
const MAX_EARLIER_IDS = 20;

export interface UnfinishedSendsOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** By the calendar. */
  readonly epochMs: () => number;
  readonly thread: () => Pick<SendThread, 'post'>;
  /** Of what an earlier run sent. */
  readonly hasFileList: (transferId: TransferId) => boolean;
}

/**
 * Sends that were cut off go on by themselves: when their peer is announced, at any address, and now and
 * then where it was last. They outlive the program; what ends in any other way is forgotten here, but what
 * was cancelled only when its peer has heard of that: else it would wait there for the rest for ever.
 */
export class UnfinishedSends {
  readonly #options: UnfinishedSendsOptions;
  /** What the send thread has now. */
  readonly #running = new Map<TransferId, SendRequest>();
  /** What the send thread tells their peers of just now: the cancelled ones. */
  readonly #telling = new Set<TransferId>();
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
      if (unsent.cancelledAtMs !== null) continue;
      const hasFileList = this.#options.hasFileList(unsent.transferId);
      store.apply({ kind: 'transferAdded', transfer: { ...listed(unsent), hasFileList } });
    }
    this.#unsubscribe = store.subscribe(() => {
      this.#lookForAnnounced();
    });
    this.#stopTimer = clock.every(LOOK_AGAIN_MS, () => {
      this.#lookForAll();
    });
    this.#lookForAll();
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
    const unsent = this.#options.outbox.get(id);
    return unsent?.cancelledAtMs === null && !this.#running.has(id);
  }

  /** The send thread died, with all that it was about to tell. */
  lost(): void {
    this.#telling.clear();
  }

  /** What a person wants of it. Answers what those outside are told; null: its thread tells them. */
  say(kind: 'cancel' | 'pause' | 'resume', id: TransferId): TransferEvent | null {
    const waits = this.isWaiting(id);
    if (kind === 'cancel') {
      const outcome = { kind: 'cancelled', by: 'us' } as const;
      return waits ? { kind: 'ended', transferId: id, outcome } : null;
    }
    this.#change(id, { paused: kind === 'pause' });
    const unsent = this.#options.outbox.get(id);
    if (!unsent || !waits || kind === 'pause') return null;
    this.#look(unsent);
    return { kind: 'interrupted', transferId: id, failure: failure('INTERRUPTED') };
  }

  /** What the send thread says, as the store should hear it; null: that is for here alone. */
  onEvent(event: TransferEvent): TransferEvent | null {
    if (event.kind === 'offering') this.#remember(event);
    if (event.kind === 'started') this.#chosen(event.transferId, event.unwanted);
    if (event.kind === 'takenBack') {
      this.#told(event.transferId, event.heard);
      return null;
    }
    if (event.kind !== 'ended') return event;
    const { transferId, outcome } = event;
    const wasRunning = this.#running.delete(transferId);
    if (!this.#options.outbox.get(transferId)) return event;
    if (outcome.kind === 'cancelled' && outcome.by === 'us') {
      this.#cancelled(transferId, wasRunning);
      return event;
    }
    if (outcome.kind !== 'failed' || !isInterruption(outcome.failure)) {
      this.#options.outbox.remove(transferId);
      return event;
    }
    this.#change(transferId, { bytes: this.#bytesOf(transferId) });
    return { kind: 'interrupted', transferId, failure: outcome.failure };
  }

  /** Its person answers once: a start that tells nothing new writes nothing. */
  #chosen(id: TransferId, unwanted: Unwanted | undefined): void {
    const before = this.#options.outbox.get(id)?.unwanted;
    const files = unwanted?.files ?? 0;
    if ((before?.files ?? 0) === files) return;
    this.#change(id, { unwanted: files === 0 ? undefined : unwanted });
  }

  /** Its peer is told: by the thread that had it, or by a look. */
  #cancelled(id: TransferId, wasRunning: boolean): void {
    this.#change(id, { cancelledAtMs: this.#options.epochMs() });
    const unsent = this.#options.outbox.get(id);
    if (wasRunning) this.#telling.add(id);
    else if (unsent) this.#look(unsent);
  }

  #told(id: TransferId, heard: boolean): void {
    this.#telling.delete(id);
    if (!heard) return;
    const peerId = this.#options.outbox.get(id)?.peer.id;
    this.#options.outbox.remove(id);
    const next = this.#waiting().find(({ peer }) => peer.id === peerId);
    if (next) this.#look(next);
  }

  #remember({ transferId, offerId, entriesKey, port }: TransferEvent & { kind: 'offering' }): void {
    const { store, outbox } = this.#options;
    const request = this.#running.get(transferId);
    const transfer = store.state.transfers.find(({ id }) => id === transferId);
    const peerId = transfer?.peer.id;
    if (!transfer || !peerId || request?.source.kind !== 'paths') return;
    const { items, itemCount, startedAtMs, peer } = transfer;
    const before = outbox.get(transferId);
    // sent once more, the same thing goes on with what is there of it
    for (const { transferId: id, cancelledAtMs, peer: of, entriesKey: key } of outbox.all) {
      if (cancelledAtMs !== null && of.id === peerId && key === entriesKey) outbox.remove(id);
    }
    outbox.put({
      transferId,
      offerId,
      earlierIds: before ? earlierIds(before, offerId) : [],
      entriesKey,
      paths: [...request.source.paths],
      peer: { id: peerId, name: peer.name, address: peer.address, port },
      items: [...items],
      itemCount,
      content: request.source.content,
      failedOf: request.source.failedOf,
      totals: offeredTotals(transfer),
      unwanted: before?.entriesKey === entriesKey ? before.unwanted : undefined,
      bytes: before?.bytes ?? 0,
      startedAtMs,
      paused: before?.paused ?? false,
      cancelledAtMs: null,
    });
  }

  /** Those that a look can help: of the cancelled ones of a peer one at a time is told. */
  #waiting(): Unsent[] {
    const { outbox } = this.#options;
    const busy = new Set([...this.#telling].map((id) => outbox.get(id)?.peer.id));
    return outbox.all.filter(({ transferId, paused, cancelledAtMs, peer }) => {
      if (cancelledAtMs === null) return !paused && this.isWaiting(transferId);
      if (busy.has(peer.id)) return false;
      busy.add(peer.id);
      return true;
    });
  }

  #lookForAll(): void {
    const { outbox, epochMs } = this.#options;
    for (const { transferId, cancelledAtMs } of outbox.all) {
      if (cancelledAtMs !== null && epochMs() - cancelledAtMs >= TELL_FOR_MS) {
        outbox.remove(transferId);
      }
    }
    for (const unsent of this.#waiting()) this.#look(unsent);
  }

  #lookForAnnounced(): void {
    for (const unsent of this.#waiting()) {
      const { transferId, peer } = unsent;
      const places = announcedPlaces(this.#options.store.state, peer.id);
      const isNews = this.#triedAt.get(transferId) !== JSON.stringify(places);
      if (places.length === 0) this.#triedAt.delete(transferId);
      else if (isNews) this.#look(unsent);
    }
  }

  #look(unsent: Unsent): void {
    const { transferId, peer, cancelledAtMs } = unsent;
    const announced = announcedPlaces(this.#options.store.state, peer.id);
    if (announced.length > 0) this.#triedAt.set(transferId, JSON.stringify(announced));
    const places = [...announced, { address: peer.address, port: peer.port }];
    if (cancelledAtMs === null) this.#send(unsent, places);
    else this.#tell(unsent, places);
  }

  #tell(unsent: Unsent, places: readonly Place[]): void {
    const { transferId, peer } = unsent;
    this.#telling.add(transferId);
    const request = { transferId, offer: offerOf(unsent), places, peerId: peer.id };
    this.#options.thread().post({ kind: 'takeBack', request });
  }

  #send(unsent: Unsent, places: readonly Place[]): void {
    const { transferId, paths, content, failedOf, peer } = unsent;
    const request: SendRequest = {
      transferId,
      mode: 'tls',
      source: { kind: 'paths', paths, content, failedOf },
      places,
      expectedPeerId: peer.id,
      resumes: offerOf(unsent),
      retryForMs: LOOK_FOR_MS,
    };
    this.track(request);
    this.#options.thread().post({ kind: 'send', request });
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

function earlierIds(before: Unsent, offerId: TransferId): TransferId[] {
  const ids = [...before.earlierIds, before.offerId].filter((id) => id !== offerId);
  return ids.slice(-MAX_EARLIER_IDS);
}
