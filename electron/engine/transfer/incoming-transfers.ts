import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError, toFailure } from '../../../shared/errors.ts';
import type { Choice } from '../../../shared/model/choice.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { MAX_OFFERS_HELD } from '../../../shared/protocol/limits.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import { firstToGo } from './crowd.ts';
import { Deliveries } from './deliveries.ts';
import type { Delivery } from './destination.ts';
import { isFinished } from './held-deliveries.ts';
import { Incoming } from './incoming.ts';
import { tellPlan } from './incoming-plan.ts';
import { isCut, keepsParts } from './interruption.ts';
import type { Interrupted, JournalShelf } from './journal-shelf.ts';
import { offerSteps } from './offered-entries.ts';
import { OfferIds } from './offer-ids.ts';
import { PausedTransfers } from './paused-transfers.ts';
import type { IncomingOffer, ReceiveSession } from './receive-session.ts';
import type { ReceiveSystem } from './receiver.ts';
import { bytesWithout } from './offer-tree.ts';
import { countsOf, delivered } from './received.ts';
import { proveHeld } from './resume-proof.ts';
import { checkRoom } from './room.ts';
import { ToldEnd } from './told-end.ts';
import { inTurnsWhile } from './turns.ts';
import type { Acceptance, WorkerOutcome } from './worker-messages.ts';

/**
 * The transfers that come in, each over as many connections as it takes. Of one transfer only one
 * connection is at work at a time: the next one waits until what the last one left is settled.
 */
export class IncomingTransfers {
  readonly #system: ReceiveSystem;
  readonly #bySession = new Map<ReceiveSession, Incoming>();
  /** The latest of each transfer. */
  readonly #latest = new Map<TransferId, Incoming>();
  readonly #ids: OfferIds;
  readonly #deliveries: Deliveries;
  readonly #paused: PausedTransfers;

  constructor(system: ReceiveSystem, shelf: JournalShelf) {
    this.#system = system;
    this.#paused = new PausedTransfers(system.reporter);
    this.#deliveries = new Deliveries({ ...system, shelf });
    this.#ids = new OfferIds(this.#deliveries, () => this.#bySession.values());
  }

  /** Finds what an earlier run of the program did not finish; from here on its senders can go on with it. */
  takeStock(): Promise<Interrupted[]> {
    return this.#deliveries.takeStock();
  }

  /** A session has the whole of an offer. */
  offer(session: ReceiveSession, offered: IncomingOffer): void {
    const incoming = new Incoming(session, offered);
    incoming.transferId = this.#ids.here(incoming.transferId, incoming.peerId);
    if (this.#ids.turnsAway(incoming)) return;
    const same = incoming.likeAmong(this.#bySession.values());
    // the latest that is planned stays until it is known that this one stands for it
    for (const other of same) if (!other.planned) other.session.abandon();
    this.#bySession.set(session, incoming);
    incoming.opened = this.#open(incoming, same);
  }

  /**
   * Plans its names, in turns: it may end meanwhile, or be cancelled here. Answers in whose place it comes;
   * null: it is not to be opened. Throws NAME_REFUSED, PROTOCOL_VIOLATION.
   */
  async #plan(incoming: Incoming): Promise<{ before: Incoming | undefined } | null> {
    const { session, transferId, offer } = incoming;
    const plan = await inTurnsWhile(() => session.offered, offerSteps(offer.entries));
    if (!plan || !session.offered || this.#ids.turnsAway(incoming)) return null;
    const same = this.#latest.get(transferId);
    if (!this.#ids.standsFor(incoming, plan.key, same)) {
      throw new DroplineError('PROTOCOL_VIOLATION');
    }
    incoming.takePlan(plan);
    const before = same ?? incoming.lostAmong(this.#latest.values());
    this.#latest.set(transferId, incoming);
    before?.session.abandon();
    return { before };
  }

  finishing(session: ReceiveSession): void {
    const incoming = this.#bySession.get(session);
    if (!incoming?.told) return;
    this.#paused.forget(incoming.transferId);
    this.#system.reporter.emit({ kind: 'finishing', transferId: incoming.transferId });
  }

  /** A session has ended. */
  end(session: ReceiveSession, outcome: Outcome): void {
    const incoming = this.#bySession.get(session);
    if (incoming) void this.#settle(incoming, outcome);
  }

  accept(transferId: TransferId, acceptance: Acceptance): void {
    const incoming = this.waiting(transferId);
    if (!incoming?.session.offered) return;
    incoming.accepted = true;
    incoming.opened = this.#begin(incoming, acceptance);
  }

  async plan(transferId: TransferId, directory: string, choice?: Choice): Promise<void> {
    const incoming = this.waiting(transferId);
    if (incoming) await tellPlan(this.#system, this.#deliveries, incoming, directory, choice);
  }

  /** null: no such offer waits for an answer. */
  waiting(transferId: TransferId): Incoming | null {
    const incoming = this.#latest.get(transferId);
    return incoming?.told === true && !incoming.accepted ? incoming : null;
  }

  decline(transferId: TransferId, code: ErrorCode): void {
    for (const one of this.#bySession.values()) {
      if (one.transferId === transferId) one.session.decline(code);
    }
  }

  /** Stands still until `resume`, over cut wires too. */
  pause(transferId: TransferId): void {
    const session = this.#latest.get(transferId)?.session;
    if (session ?? this.#deliveries.isHeld(transferId)) this.#paused.pause(transferId, session);
  }

  resume(transferId: TransferId): void {
    this.#paused.resume(transferId, this.#latest.get(transferId)?.session);
  }

  async cancel(transferId: TransferId): Promise<void> {
    const incoming = this.#latest.get(transferId);
    incoming?.session.cancel();
    await incoming?.over;
    const owner = this.#deliveries.ownerOf(transferId);
    if (owner === null || !this.#deliveries.unfinished(transferId)) return;
    // its sender may come back before all is removed
    this.#ids.cancelled(transferId, owner);
    await this.#drop(transferId, 'us');
  }

  /** Its sender came back only to say that it does not want it any more. */
  async takenBack(offeredId: TransferId, peerId: PeerId): Promise<void> {
    const transferId = this.#ids.here(offeredId, peerId);
    const incoming = this.#latest.get(transferId);
    if ((incoming?.peerId ?? this.#deliveries.ownerOf(transferId)) !== peerId) return;
    incoming?.session.cancelledByPeer();
    await incoming?.over;
    await this.#drop(transferId, 'peer');
  }

  async #drop(transferId: TransferId, by: 'us' | 'peer'): Promise<void> {
    const held = this.#deliveries.unfinished(transferId);
    if (!held) return;
    const end = new ToldEnd(() => this.#emitEnd(transferId, { kind: 'cancelled', by }));
    end.soon(this.#system.clock, () => held.delivery?.met.mayHaveReplaced === false);
    await this.#deliveries.drop(transferId);
    await end.now();
  }

  /** After the sessions were stopped: waits for the disk. What is not whole stays for the next start. */
  async stop(): Promise<void> {
    for (const { delivery } of this.#bySession.values()) delivery?.stopWaiting();
    await Promise.all([...this.#bySession.values()].map(({ over }) => over));
    await this.#deliveries.close();
  }

  /** Goes on with what the same sender began before, without asking again; else asks. Never rejects. */
  async #open(incoming: Incoming, same: readonly Incoming[]): Promise<void> {
    const { session, transferId } = incoming;
    try {
      const place = await this.#plan(incoming);
      if (!place) return;
      // a cancel that came by one of them may still be at work
      await Promise.all([place.before?.over, ...same.map(({ over }) => over)]);
      if (!session.offered) return;
      const earlier = this.#deliveries.earlier(incoming);
      incoming.delivery = await this.#deliveries.goOn(incoming);
      if (!incoming.delivery) {
        this.#ask(incoming);
        return;
      }
      // one that was finished before was told of then: its sender only did not hear it
      incoming.told = earlier !== null && !isFinished(earlier);
      incoming.accepted = true;
      if (earlier && earlier.transferId !== transferId) {
        const offered = incoming.offeredEvent();
        this.#system.reporter.emit({ ...offered, kind: 'continued', from: earlier.transferId });
        this.#paused.renamed(earlier.transferId, transferId);
      }
      await this.#stream(incoming, incoming.delivery);
    } catch (error) {
      const isWaiting = incoming.planned && this.#deliveries.isHeld(transferId);
      if (isWaiting) this.#paused.cut(transferId, toFailure(error));
      session.fail(error);
    }
  }

  /** Never rejects. */
  async #begin(incoming: Incoming, acceptance: Acceptance): Promise<void> {
    try {
      const unwanted = await incoming.choose(acceptance.choice);
      if (!unwanted) return;
      const begun = await this.#deliveries.begin(incoming, { ...acceptance, unwanted });
      incoming.delivery = begun.delivery;
      for (const transferId of begun.superseded) {
        this.#system.reporter.emit({ kind: 'superseded', transferId });
        this.#paused.forget(transferId);
      }
      await this.#stream(incoming, begun.delivery);
    } catch (error) {
      incoming.session.fail(error);
    }
  }

  /** Says ok, with the proof of what is here already. */
  async #stream(incoming: Incoming, delivery: Delivery): Promise<void> {
    const { session, transferId, offer } = incoming;
    const proof = await proveHeld(delivery, () => session.offered);
    if (!session.offered) return;
    if (!delivery.finished) {
      const { directory, unwanted } = delivery.options;
      const bytesToCome = bytesWithout(offer.entries, unwanted, delivery.skip) - proof.keptBytes;
      checkRoom(this.#system.fs, directory, bytesToCome);
    }
    session.accept(delivery, proof);
    if (!incoming.told) return;
    this.#paused.streams(transferId, session);
    const { reporter } = this.#system;
    const unwanted = delivery.options.unwanted.totals;
    reporter.emit({ kind: 'started', transferId, keptBytes: proof.keptBytes, unwanted });
    reporter.watch(transferId, () => countsOf(session, delivery));
  }

  #ask(incoming: Incoming): void {
    if (!incoming.session.offered) return;
    const waiting = [...this.#latest.values()].filter((i) => i.told && i.session.offered);
    if (incoming.isTooMuchFor(waiting)) {
      incoming.session.decline('PEER_BUSY');
      return;
    }
    if (waiting.length >= MAX_OFFERS_HELD) {
      firstToGo(waiting, (other) => other.session.connection.address)?.session.decline('PEER_BUSY');
    }
    incoming.told = true;
    this.#system.reporter.emit(incoming.offeredEvent());
  }

  /** Keeps or removes what there is, tells, and lets the next connection have its turn. Never rejects. */
  async #settle(incoming: Incoming, outcome: Outcome): Promise<void> {
    const { session, transferId, peerId } = incoming;
    // one that was not planned yet speaks for the wire before it
    const before = incoming.planned ? undefined : this.#latest.get(transferId);
    const isOurs = outcome.kind === 'cancelled' && outcome.by === 'us';
    if (isOurs) this.#ids.cancelled(transferId, peerId);
    const end = this.#endOf(incoming, outcome);
    await incoming.opened;
    this.#system.reporter.forget(transferId);
    const { delivery } = incoming;
    const kept = delivery !== null && (delivery.finished || keepsParts(outcome));
    if (kept)
      await this.#deliveries.keep(incoming, delivery, session.delivery !== null && isCut(outcome));
    else if (delivery) await this.#deliveries.remove(delivery);
    if (outcome.kind === 'cancelled') {
      before?.session.abandon();
      await before?.over;
      // a sender that cancels while the wire is cut comes back only to say so
      incoming.told ||= this.#deliveries.unfinished(transferId) !== null;
      await this.#deliveries.drop(transferId);
    }
    if (incoming.told && kept && outcome.kind === 'failed') {
      this.#paused.cut(transferId, await this.#deliveries.withNeed(transferId, outcome.failure));
    } else if (incoming.told) await end.now();
    end.drop();
    this.#bySession.delete(session);
    if (this.#latest.get(transferId) === incoming) this.#latest.delete(transferId);
    if (incoming.planned) this.#ids.ended(incoming);
    incoming.finish();
  }

  #endOf(incoming: Incoming, outcome: Outcome): ToldEnd {
    const { session, transferId } = incoming;
    const end = new ToldEnd(() => {
      const isDone = outcome.kind === 'done';
      return this.#emitEnd(transferId, isDone ? delivered(session, incoming.delivery) : outcome);
    });
    if (outcome.kind !== 'cancelled') return end;
    // what has taken another's place is counted when all is settled
    const maySay = (): boolean => incoming.told && incoming.delivery?.met.mayHaveReplaced === false;
    return end.soon(this.#system.clock, maySay);
  }

  async #emitEnd(transferId: TransferId, outcome: WorkerOutcome): Promise<void> {
    this.#paused.forget(transferId);
    const existing = await this.#deliveries.metBy(transferId, outcome);
    this.#system.reporter.emit({ kind: 'ended', transferId, outcome, existing });
  }
}
