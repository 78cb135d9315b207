import type { Failure } from '../../../shared/errors.ts';
import { DroplineError, failure, toFailure } from '../../../shared/errors.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { pausedBy } from '../../../shared/protocol/pause.ts';
import type { Counts } from './count-reporter.ts';
import { dial } from './dial.ts';
import type { Connection, Identity } from './connection.ts';
import { availableHashes } from './hash.ts';
import { isInterruption } from '../../../shared/model/transfer-actions.ts';
import { mayComeBack } from './interruption.ts';
import type { Clock } from './ports.ts';
import type { Prepared } from './send-offer.ts';
import { SendOffer } from './send-offer.ts';
import { sendOutcome } from './send-outcome.ts';
import type { SendResult, SendSessionHandlers } from './send-session.ts';
import { SendSession } from './send-session.ts';
import { Standstill } from './standstill.ts';
import type { Self, SendRequest, TransferEvent, WorkerOutcome } from './worker-messages.ts';

export const REDIAL_MS = 1_000;
/** A disk that is full does not get room at once, and each try costs the receiver a look at it. */
export const ROOM_RETRY_MS = 5_000;
/** While the wire is cut the source is looked through again no more often than this. */
const RESCAN_MS = 10_000;
/** How long a person who cancels while the wire is cut lets us look for the other side to tell it. */
const GOODBYE_MS = 2_000;

export interface SendJobOptions {
  readonly request: SendRequest;
  readonly self: () => Self;
  readonly clock: Clock;
  readonly prepare: (request: SendRequest, signal: AbortSignal) => Promise<Prepared>;
  readonly emit: (event: TransferEvent) => void;
}

/** One transfer to one peer, over as many connections as it takes. */
export class SendJob {
  readonly transferId: TransferId;
  readonly #options: SendJobOptions;
  readonly #abort = new AbortController();
  #session: SendSession | null = null;
  #sentBytes = 0;
  /** When the wire was cut and has not carried anything since; null: it is whole. */
  #cutAtMs: number | null = null;
  #connection: Connection | null = null;
  readonly #standstill: Standstill;
  /** Who answered the first time: whoever it is later must be the same. */
  #peerId: PeerId | null;
  #offer: SendOffer | null = null;
  #scannedAtMs = 0;
  /** Since the wire was cut. */
  #rescanned = false;
  /** The receiver has said yes, in this run or an earlier one. */
  #hasStarted: boolean;

  constructor(options: SendJobOptions) {
    this.transferId = options.request.transferId;
    this.#options = options;
    const { resumes, expectedPeerId } = options.request;
    this.#peerId = resumes && expectedPeerId;
    this.#hasStarted = resumes !== null;
    this.#standstill = new Standstill(options.clock, this.#abort.signal);
  }

  get counts(): Counts | null {
    const session = this.#session;
    if (!session?.started) return null;
    const paused = pausedBy({ ...session.pausing, byUs: this.#standstill.wanted });
    return { bytes: session.deliveredBytes, files: session.files, paused };
  }

  cancel(): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(new DroplineError('CANCELLED'));
    this.#session?.cancel();
  }

  /** This side stops as a whole: what the receiver has stays there, to go on later. */
  interrupt(): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(new DroplineError('INTERRUPTED'));
    this.#session?.interrupt();
  }

  /** Stands still until `resume`, over cut wires too. Too late once all is sent. */
  pause(): void {
    if (this.#session?.allSent === true) return;
    this.#standstill.wanted = true;
    this.#session?.pause();
  }

  /** Goes on, or dials now where the wire is cut, with patience anew. */
  resume(): void {
    this.#cutAtMs = null;
    this.#session?.resume();
    this.#standstill.end();
  }

  /** Resolves when the transfer has ended, in whatever way, and the other side has been told. */
  async run(): Promise<void> {
    let outcome: WorkerOutcome;
    let toldPeer = true;
    try {
      if (this.#options.request.purpose === 'cancel') this.cancel();
      outcome = await this.#deliver();
    } catch (error) {
      const why: unknown = this.#abort.signal.aborted ? this.#abort.signal.reason : error;
      const { code, details } = toFailure(why);
      const cancelled = code === 'CANCELLED';
      outcome = cancelled
        ? { kind: 'cancelled', by: 'us' }
        : { kind: 'failed', failure: failure(code, details) };
      toldPeer = !cancelled || this.#peerId === null;
    }
    this.#options.emit({ kind: 'ended', transferId: this.transferId, outcome });
    if (!toldPeer) await this.#sayGoodbye();
    this.#offer?.prepared.source.close();
    await this.#connection?.gone;
  }

  async #deliver(): Promise<WorkerOutcome> {
    this.#abort.signal.throwIfAborted();
    const offer = await this.#prepare();
    for (let current = offer; ; current = await this.#offerAgain(current)) {
      const tried = await this.#tryOnce(current);
      if (tried.kind === 'ended') return tried.outcome;
      await this.#waitToRedial(tried.failure);
    }
  }

  async #prepare(): Promise<SendOffer> {
    const { request, prepare, clock, emit } = this.#options;
    const prepared = await prepare(request, this.#abort.signal);
    this.#scannedAtMs = clock.nowMs();
    this.#offer = request.resumes
      ? SendOffer.after(request.resumes, prepared)
      : new SendOffer(prepared, this.transferId);
    emit(this.#offer.preparedEvent(this.transferId));
    return this.#offer;
  }

  /** A source that changed while the wire was cut starts again as the new version. */
  async #offerAgain(offer: SendOffer): Promise<SendOffer> {
    const { request, prepare, clock, emit } = this.#options;
    const isFresh = clock.nowMs() - this.#scannedAtMs < RESCAN_MS;
    if (request.source.kind === 'page' || (isFresh && this.#rescanned)) return offer;
    this.#rescanned = true;
    this.#scannedAtMs = clock.nowMs();
    const after = SendOffer.after(offer, await prepare(request, this.#abort.signal));
    if (after.offerId === offer.offerId) return offer;
    this.#offer = after;
    emit(after.preparedEvent(this.transferId));
    return after;
  }

  async #tryOnce(
    offer: SendOffer,
  ): Promise<{ kind: 'ended'; outcome: WorkerOutcome } | { kind: 'cut'; failure: Failure }> {
    let connection: Connection;
    try {
      connection = await this.#dial(this.#abort.signal);
    } catch (error) {
      const why = toFailure(error);
      const isResumed = this.#options.request.resumes !== null;
      if (this.#peerId !== null && mayComeBack(why, isResumed)) {
        return { kind: 'cut', failure: why };
      }
      throw error;
    }
    const result = await this.#converse(connection, offer);
    const { outcome } = result;
    if (outcome.kind === 'failed' && this.#goesOn(outcome.failure)) {
      return { kind: 'cut', failure: outcome.failure };
    }
    const { source } = offer.prepared;
    return { kind: 'ended', outcome: sendOutcome(outcome, result, source, this.#sentBytes) };
  }

  #goesOn(why: Failure): boolean {
    return isInterruption(why) || (why.code === 'DISK_FULL' && this.#hasStarted);
  }

  async #dial(signal: AbortSignal): Promise<Connection> {
    const { request, self, clock, emit } = this.#options;
    if (this.#peerId === null) emit({ kind: 'connecting', transferId: this.transferId });
    const identity: Identity = self().identity;
    const { addresses, port, elsewhere } = request;
    const expectedPeerId = this.#peerId ?? request.expectedPeerId;
    const options = { identity, clock, addresses, port, elsewhere, expectedPeerId, signal };
    this.#connection = await dial(options);
    this.#peerId = this.#connection.peerId;
    return this.#connection;
  }

  async #converse(connection: Connection, offer: SendOffer): Promise<SendResult> {
    const { emit } = this.#options;
    const { transferId } = this;
    const { offerId, entriesKey } = offer;
    const session = this.#open(connection, offer, {
      onWaiting: (peerName) => {
        const peer = { id: connection.peerId, name: peerName, address: connection.address };
        emit({ kind: 'waiting', transferId, peer });
        emit({ kind: 'offering', transferId, offerId, entriesKey });
      },
      onOffered: () => undefined,
      onStarted: (keptBytes) => {
        this.#hasStarted = true;
        this.#rescanned = false;
        emit({ kind: 'started', transferId, keptBytes });
      },
      onPause: ({ byUs }) => {
        this.#standstill.wanted = byUs;
      },
      onFinishing: () => {
        emit({ kind: 'finishing', transferId });
      },
    });
    this.#session = session;
    if (this.#abort.signal.aborted) session.interrupt();
    const result = await session.result;
    this.#sentBytes += session.sentBytes;
    // only bytes that arrived are progress: a peer that says ok and hangs up makes none
    if (session.ackedBytes > 0) this.#cutAtMs = null;
    return result;
  }

  #open(connection: Connection, offer: SendOffer, handlers: SendSessionHandlers): SendSession {
    const { clock, self } = this.#options;
    const { name, platform } = self();
    return new SendSession({
      connection,
      clock,
      greeting: { name, platform, hashes: availableHashes },
      offer: offer.message,
      source: offer.prepared.source,
      hashes: offer.hashes,
      isPausedByUs: () => this.#standstill.wanted,
      ...handlers,
    });
  }

  /** Comes back once more only to cancel, so that the other side does not keep what it has. */
  async #sayGoodbye(): Promise<void> {
    const tooLate = new AbortController();
    const stopTimer = this.#options.clock.after(GOODBYE_MS, () => {
      tooLate.abort(new DroplineError('PEER_UNREACHABLE'));
      this.#connection?.destroy();
    });
    try {
      const offer = this.#offer ?? (await this.#prepareToCancel(tooLate.signal));
      const session = this.#open(await this.#dial(tooLate.signal), offer, {
        onWaiting: () => undefined,
        onOffered: () => {
          session.cancel();
        },
        onStarted: () => undefined,
        onPause: () => undefined,
        onFinishing: () => undefined,
      });
      await session.result;
    } catch {
      // nobody is there: the other side gives up by itself
    } finally {
      stopTimer();
    }
  }

  async #prepareToCancel(signal: AbortSignal): Promise<SendOffer> {
    const { request, prepare } = this.#options;
    const offerId = request.resumes?.offerId ?? this.transferId;
    this.#offer = new SendOffer(await prepare(request, signal), offerId);
    return this.#offer;
  }

  /** Nobody is dialled while it stands still. Throws INTERRUPTED when the wire was cut for too long. */
  async #waitToRedial(cause: Failure): Promise<void> {
    const { clock, emit, request } = this.#options;
    const { transferId } = this;
    let mayDialNow = false;
    do {
      if (this.#standstill.wanted) mayDialNow = true;
      await this.#standstill.over();
      if (cause.code === 'DISK_FULL') this.#cutAtMs = null; // its receiver is there, and waits for room
      this.#cutAtMs ??= clock.nowMs();
      if (cause.code !== 'DISK_FULL' && clock.nowMs() - this.#cutAtMs >= request.retryForMs) {
        throw new DroplineError('INTERRUPTED', { reason: cause.code });
      }
      emit({ kind: 'interrupted', transferId, failure: failure(cause.code, cause.details) });
      const waitMs = cause.code === 'DISK_FULL' ? ROOM_RETRY_MS : REDIAL_MS;
      if (!mayDialNow) await this.#standstill.wait(waitMs);
    } while (this.#standstill.wanted);
  }
}
