import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError, toFailure } from '../../../shared/errors.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { MAX_OFFERS_HELD, MAX_OFFERS_PER_PEER } from '../../../shared/protocol/limits.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import { planNames } from '../../../shared/protocol/wire-path.ts';
import { firstToGo } from './crowd.ts';
import { Deliveries } from './deliveries.ts';
import type { Delivery } from './destination.ts';
import { isFinished } from './held-deliveries.ts';
import { Incoming } from './incoming.ts';
import { isCut, keepsParts } from './interruption.ts';
import type { JournalShelf } from './journal-shelf.ts';
import { namePlatform } from './name-platform.ts';
import { keyOf, withSharedPaths } from './offered-entries.ts';
import { OfferedLists } from './offered-lists.ts';
import { PausedTransfers } from './paused-transfers.ts';
import type { IncomingOffer, ReceiveSession } from './receive-session.ts';
import type { ReceiveSystem } from './receiver.ts';
import { bytesWithout } from './offer-tree.ts';
import { planOffer } from './preflight.ts';
import { delivered } from './received.ts';
import { proveHeld } from './resume-proof.ts';
import { checkRoom } from './room.ts';
import { ShortMemory } from './short-memory.ts';
import type { Acceptance, WorkerOutcome } from './worker-messages.ts';

/** Cancelled here while the sender could not hear it: it is told when it comes back. */
const MAX_CANCELLED = 100;

/**
 * The transfers that come in, each over as many connections as it takes. Of one transfer only one
 * connection is at work at a time: the next one waits until what the last one left is settled.
 */
export class IncomingTransfers {
  readonly #system: ReceiveSystem;
  readonly #bySession = new Map<ReceiveSession, Incoming>();
  /** The latest of each transfer. */
  readonly #latest = new Map<TransferId, Incoming>();
  readonly #cancelled = new ShortMemory<TransferId, PeerId>(MAX_CANCELLED);
  readonly #deliveries: Deliveries;
  readonly #paused: PausedTransfers;
  readonly #lists = new OfferedLists();

  constructor(system: ReceiveSystem, shelf: JournalShelf) {
    this.#system = system;
    this.#paused = new PausedTransfers(system.reporter);
    this.#deliveries = new Deliveries({ ...system, shelf });
  }

  /** Tells what an earlier run of the program did not finish. */
  start(): void {
    for (const { header, bytes } of this.#deliveries.takeStock()) {
      const { transferId, peer, items, itemCount, totals, leftOut, startedAtMs } = header;
      const told = { transferId, peer, items, itemCount, totals, leftOutCount: leftOut };
      this.#system.reporter.emit({ kind: 'restored', ...told, startedAtMs, bytes });
    }
  }

  /** A session has the whole of an offer. */
  offer(session: ReceiveSession, offered: IncomingOffer): void {
    const { transferId } = offered.offer;
    const { peerId } = session.connection;
    const same = this.#latest.get(transferId);
    const owner = same?.peerId ?? this.#deliveries.ownerOf(transferId);
    if (
      (owner !== null && owner !== peerId) ||
      (!same && this.#deliveries.isUnderWay(transferId))
    ) {
      session.decline('PEER_BUSY');
      return;
    }
    if (this.#cancelled.get(transferId) === peerId) {
      session.cancel();
      return;
    }
    const planned = planNames(offered.entries, namePlatform);
    if (!planned.ok) {
      session.fail(new DroplineError('NAME_REFUSED', { reason: planned.reason }));
      return;
    }
    const entries = withSharedPaths(offered.entries, planned.saved);
    const key = keyOf(offered.entries);
    if (!this.#lists.standsFor(transferId, key)) {
      session.fail(new DroplineError('PROTOCOL_VIOLATION'));
      return;
    }
    const incoming = new Incoming(session, { ...offered, entries }, planned.saved, key);
    const before = same ?? this.#lostWire(incoming);
    this.#bySession.set(session, incoming);
    this.#latest.set(transferId, incoming);
    before?.session.abandon();
    incoming.opened = this.#open(incoming, before);
  }

  /** The same files under another id, on a wire that is dead: their sender was started anew. */
  #lostWire({ peerId, entriesKey }: Incoming): Incoming | undefined {
    return [...this.#latest.values()].find(
      (other) =>
        other.peerId === peerId && other.entriesKey === entriesKey && other.session.seemsDead,
    );
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
    const incoming = this.#latest.get(transferId);
    if (!incoming?.session.offered || !incoming.told || incoming.accepted) return;
    incoming.accepted = true;
    incoming.opened = this.#begin(incoming, acceptance);
  }

  async plan(transferId: TransferId, directory: string): Promise<void> {
    const incoming = this.#latest.get(transferId);
    if (!incoming?.told || incoming.accepted) return;
    const turn = ++incoming.plans;
    const isWanted = (): boolean =>
      incoming.session.offered && !incoming.accepted && incoming.plans === turn;
    const { fs, clock, reporter } = this.#system;
    const { offer, saved } = incoming;
    const held = await this.#deliveries.bytesOfEarlier(incoming, directory);
    const heldBytes = (): number => held;
    const request = { fs, clock, directory, entries: offer.entries, saved, heldBytes };
    const plan = await planOffer(request, isWanted);
    if (isWanted()) reporter.emit({ kind: 'planned', transferId, plan });
  }

  decline(transferId: TransferId, code: ErrorCode): void {
    this.#latest.get(transferId)?.session.decline(code);
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
    if (owner === null || !(await this.#deliveries.drop(transferId))) return;
    this.#cancelled.put(transferId, owner);
    await this.#emitEnd(transferId, { kind: 'cancelled', by: 'us' });
  }

  /** Its sender came back only to say that it does not want it any more. */
  async takenBack(transferId: TransferId, peerId: PeerId): Promise<void> {
    const incoming = this.#latest.get(transferId);
    if ((incoming?.peerId ?? this.#deliveries.ownerOf(transferId)) !== peerId) return;
    incoming?.session.cancelledByPeer();
    await incoming?.over;
    if (!(await this.#deliveries.drop(transferId))) return;
    await this.#emitEnd(transferId, { kind: 'cancelled', by: 'peer' });
  }

  /** After the sessions were stopped: waits for the disk. What is not whole stays for the next start. */
  async stop(): Promise<void> {
    await Promise.all([...this.#bySession.values()].map(({ over }) => over));
    await this.#deliveries.close();
  }

  /** Goes on with what the same sender began before, without asking again; else asks. Never rejects. */
  async #open(incoming: Incoming, before: Incoming | undefined): Promise<void> {
    const { session, transferId } = incoming;
    try {
      await before?.over;
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
      if (this.#deliveries.isHeld(transferId)) this.#paused.cut(transferId, toFailure(error));
      session.fail(error);
    }
  }

  /** Never rejects. */
  async #begin(incoming: Incoming, acceptance: Acceptance): Promise<void> {
    try {
      const begun = await this.#deliveries.begin(incoming, acceptance);
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
      const { directory, skip } = delivery.options;
      const bytesToCome = bytesWithout(offer.entries, skip) - proof.keptBytes;
      checkRoom(this.#system.fs, directory, bytesToCome);
    }
    session.accept(delivery, proof);
    if (!incoming.told) return;
    this.#paused.streams(transferId, session);
    const { reporter } = this.#system;
    reporter.emit({ kind: 'started', transferId, keptBytes: proof.keptBytes });
    reporter.watch(transferId, () => ({
      bytes: session.keptBytes - delivery.takenBackBytes + session.receivedBytes,
      files: session.delivery?.wholeFiles.size ?? 0,
      paused: session.paused,
    }));
  }

  #ask(incoming: Incoming): void {
    const { session, peerId } = incoming;
    if (!session.offered) return;
    const waiting = [...this.#latest.values()].filter((i) => i.told && i.session.offered);
    if (waiting.filter((other) => other.peerId === peerId).length >= MAX_OFFERS_PER_PEER) {
      session.decline('PEER_BUSY');
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
    await incoming.opened;
    this.#system.reporter.forget(transferId);
    const { delivery } = incoming;
    const kept = delivery !== null && (delivery.finished || keepsParts(outcome));
    if (kept)
      await this.#deliveries.keep(incoming, delivery, session.delivery !== null && isCut(outcome));
    else if (delivery) await this.#deliveries.remove(delivery);
    if (outcome.kind === 'cancelled') {
      if (outcome.by === 'us') this.#cancelled.put(transferId, peerId);
      // a sender that cancels while the wire is cut comes back only to say so
      if (await this.#deliveries.drop(transferId)) incoming.told = true;
    }
    if (incoming.told && kept && outcome.kind === 'failed') {
      this.#paused.cut(transferId, await this.#deliveries.withNeed(transferId, outcome.failure));
    } else if (incoming.told) {
      const end = outcome.kind === 'done' ? delivered(session, delivery) : outcome;
      await this.#emitEnd(transferId, end);
    }
    this.#bySession.delete(session);
    if (this.#latest.get(transferId) === incoming) this.#latest.delete(transferId);
    incoming.finish();
  }

  async #emitEnd(transferId: TransferId, outcome: WorkerOutcome): Promise<void> {
    this.#paused.forget(transferId);
    const existing = await this.#deliveries.metBy(transferId, outcome);
    this.#system.reporter.emit({ kind: 'ended', transferId, outcome, existing });
  }
}
