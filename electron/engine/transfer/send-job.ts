import type { Failure } from '../../../shared/errors.ts';
import { DroplineError, failure, toFailure } from '../../../shared/errors.ts';
import type { PeerId, Place } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { pausedBy } from '../../../shared/protocol/pause.ts';
import type { Counts } from './count-reporter.ts';
import type { Connection } from './connection.ts';
import { Dialler } from './dialler.ts';
import { sayGoodbyes } from './goodbye.ts';
import { availableHashes } from './hash.ts';
import { goesOnAfter, mayComeBack } from './interruption.ts';
import { lanePortFor } from './lane-port.ts';
import { Patience } from './patience.ts';
import type { SendJobOptions } from './send-job-options.ts';
import { SendOffer } from './send-offer.ts';
import { brokenOff, sendOutcome } from './send-outcome.ts';
import type { SendResult, SendSessionHandlers } from './send-session.ts';
import { SendSession } from './send-session.ts';
import { Standstill } from './standstill.ts';
import { ToldOffers } from './told-offers.ts';
import { watchWire } from './watch-wire.ts';
import type { WorkerOutcome } from './worker-messages.ts';

export const REDIAL_MS = 1_000;
/** A disk that is full does not get room at once, and each try costs the receiver a look at it. */
export const ROOM_RETRY_MS = 5_000;
/** While the wire is cut the source is looked through again no more often than this. */
const RESCAN_MS = 10_000;

/** One transfer to one peer, over as many connections as it takes. */
export class SendJob {
  readonly transferId: TransferId;
  readonly #options: SendJobOptions;
  readonly #abort = new AbortController();
  #session: SendSession | null = null;
  #sentBytes = 0;
  readonly #patience: Patience;
  #connection: Connection | null = null;
  readonly #standstill: Standstill;
  readonly #dialler: Dialler;
  /** The wire was given up for a place that is known: there is nothing to wait for. */
  #hasMoved = false;
  /** Who answered the first time: whoever it is later must be the same. */
  #peerId: PeerId | null;
  #offer: SendOffer | null = null;
  readonly #told: ToldOffers;
  /** It was told so over the connection there is, and hears what else is said there. */
  #isGreeted = false;
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
    this.#told = new ToldOffers(resumes);
    this.#standstill = new Standstill(options.clock, this.#abort.signal);
    this.#dialler = new Dialler(options.clock, options.request.places);
    this.#patience = new Patience(options.clock, options.request.retryForMs);
  }

  get counts(): Counts | null {
    const session = this.#session;
    if (!session?.started) return null;
    const paused = pausedBy({ ...session.pausing, byUs: this.#standstill.wanted });
    const { deliveredBytes: bytes, files, limitedBy } = session;
    return { bytes, files, limitedBy, paused };
  }

  /** What it offers; null: it has not been looked through. */
  get offer(): SendOffer | null {
    return this.#offer;
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
    this.#patience.renew();
    this.#session?.resume();
    this.#standstill.end();
  }

  /** Its peer was seen there. */
  announced(places: readonly Place[]): void {
    this.#dialler.announced(places);
  }

  /** Resolves when the transfer has ended, in whatever way, and the other side has been told. */
  async run(): Promise<void> {
    let outcome: WorkerOutcome;
    let wasSaid = false;
    try {
      outcome = await this.#deliver();
      wasSaid = this.#isGreeted;
    } catch (error) {
      outcome = brokenOff(this.#abort.signal.aborted ? this.#abort.signal.reason : error);
    }
    this.#options.emit({ kind: 'ended', transferId: this.transferId, outcome });
    if (outcome.kind === 'cancelled' && outcome.by === 'us') await this.#takeBack(wasSaid);
    this.#offer?.prepared.source.close();
    await this.#connection?.gone;
    this.#dialler.stop();
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
      ? await SendOffer.after(request.resumes, prepared)
      : await SendOffer.of(prepared, this.transferId);
    this.#abort.signal.throwIfAborted();
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
    const after = await SendOffer.after(offer, await prepare(request, this.#abort.signal));
    if (after.offerId === offer.offerId) return offer;
    this.#offer = after;
    this.#patience.beginAnew();
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
      const isHearsay = this.#options.request.resumes !== null || this.#dialler.isHinted;
      if (this.#peerId !== null && mayComeBack(why, isHearsay)) {
        return { kind: 'cut', failure: why };
      }
      throw error;
    }
    const result = await this.#converse(connection, offer);
    const { outcome, done } = result;
    offer.states.ended(done);
    if (outcome.kind === 'failed' && goesOnAfter(outcome.failure, this.#hasStarted)) {
      return { kind: 'cut', failure: outcome.failure };
    }
    const { source } = offer.prepared;
    return { kind: 'ended', outcome: sendOutcome(outcome, result, source, this.#sentBytes) };
  }

  async #dial(signal: AbortSignal): Promise<Connection> {
    const { request, self, emit } = this.#options;
    if (this.#peerId === null) emit({ kind: 'connecting', transferId: this.transferId });
    const expectedPeerId = this.#peerId ?? request.expectedPeerId;
    this.#connection = await this.#dialler.dial(self().identity, expectedPeerId, signal);
    this.#peerId = this.#connection.peerId;
    return this.#connection;
  }

  async #converse(connection: Connection, offer: SendOffer): Promise<SendResult> {
    const { emit } = this.#options;
    const { transferId } = this;
    const { offerId, entriesKey } = offer;
    this.#isGreeted = false;
    const session = this.#open(connection, offer, {
      onWaiting: (peerName) => {
        this.#isGreeted = true;
        this.#told.told(offer.message);
        const peer = { id: connection.peerId, name: peerName, address: connection.address };
        const { port } = this.#dialler;
        emit({ kind: 'waiting', transferId, peer, port });
        emit({ kind: 'offering', transferId, offerId, entriesKey, port });
      },
      onStarted: (keptBytes, unwanted) => {
        this.#hasStarted = true;
        this.#rescanned = false;
        emit({ kind: 'started', transferId, keptBytes, unwanted });
      },
      onPause: ({ byUs }) => {
        this.#standstill.wanted = byUs;
      },
      onFinishing: () => emit({ kind: 'finishing', transferId }),
    });
    this.#session = session;
    if (this.#abort.signal.aborted) session.interrupt();
    const stopWatching = watchWire(this.#options.clock, connection, this.#dialler, () => {
      this.#hasMoved = true;
      session.abandon();
    });
    const result = await session.result;
    stopWatching();
    this.#sentBytes += session.sentBytes;
    this.#patience.has(session.deliveredBytes);
    return result;
  }

  #open(connection: Connection, offer: SendOffer, handlers: SendSessionHandlers): SendSession {
    const { clock, self, pacer, openMaker } = this.#options;
    const { name, platform, identity } = self();
    const wire = { connection, clock, pacer };
    return new SendSession({
      ...wire,
      greeting: { name, platform, hashes: availableHashes, failures: true },
      offer: offer.message,
      source: offer.prepared.source,
      hashes: offer.hashes,
      states: offer.states,
      isPausedByUs: () => this.#standstill.wanted,
      openLanePort: lanePortFor(connection, identity, clock),
      pictures: openMaker && offer.pictures(openMaker),
      ...handlers,
    });
  }

  /** The other side must know, too: the wire may have gone with the word, or before it. */
  async #takeBack(wasSaid: boolean): Promise<void> {
    const offer = this.#told.latest;
    const peerId = this.#peerId;
    if (!offer || peerId === null) return;
    const { clock, self, emit } = this.#options;
    const { transferId } = this;
    const dialler = this.#dialler;
    const latestHeard = wasSaid && (await this.#connection?.gone) === true;
    const ids = this.#told.idsToTakeBack(latestHeard);
    const heard = await sayGoodbyes({ clock, self: self(), dialler, peerId, offer }, ids);
    emit({ kind: 'takenBack', transferId, heard });
  }

  /** Nobody is dialled while it stands still. Throws INTERRUPTED when the wire was cut for too long. */
  async #waitToRedial(cause: Failure): Promise<void> {
    // its receiver is there, and waits for room: news of it brings none
    const isFull = cause.code === 'DISK_FULL';
    if (!isFull) this.#dialler.onNews = () => this.#standstill.hurry();
    let mayDialNow = this.#hasMoved;
    this.#hasMoved = false;
    do {
      if (this.#standstill.wanted) mayDialNow = true;
      await this.#standstill.over();
      if (isFull) this.#patience.renew();
      else if (this.#patience.isOver)
        throw new DroplineError('INTERRUPTED', { reason: cause.code });
      const why = failure(cause.code, cause.details);
      this.#options.emit({ kind: 'interrupted', transferId: this.transferId, failure: why });
      if (!mayDialNow) await this.#standstill.wait(isFull ? ROOM_RETRY_MS : REDIAL_MS);
    } while (this.#standstill.wanted);
    this.#dialler.onNews = () => undefined;
  }
}
