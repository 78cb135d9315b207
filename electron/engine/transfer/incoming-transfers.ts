import type { ErrorCode, Failure } from '../../../shared/errors.ts';
import { DroplineError, failure } from '../../../shared/errors.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { MAX_PROBLEM_EXAMPLES } from '../../../shared/model/transfer.ts';
import { MAX_OFFERS, MAX_OFFERS_PER_PEER } from '../../../shared/protocol/limits.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import { planNames } from '../../../shared/protocol/wire-path.ts';
import { Delivery } from './destination.ts';
import { HeldDeliveries } from './held-deliveries.ts';
import { Incoming } from './incoming.ts';
import { isInterruption } from './interruption.ts';
import { namePlatform } from './name-platform.ts';
import { keyOf, withSharedPaths } from './offered-entries.ts';
import type { IncomingOffer, ReceiveSession } from './receive-session.ts';
import type { ReceiveSystem } from './receiver.ts';
import { NOTHING_HELD, proveHeld } from './resume-proof.ts';
import type { WorkerOutcome } from './worker-messages.ts';

/** More than can be offered in the moment between an offer's end and the prompt's. */
const MAX_LISTS = 10_000;

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
  readonly #cancelled = new Map<TransferId, PeerId>();
  readonly #held: HeldDeliveries;
  /** Those that the person here lets stand still, and what has cut their wire since. */
  readonly #paused = new Map<TransferId, Failure | null>();
  /** What was offered under each id, by the hash of its list; the latest last. */
  readonly #lists = new Map<TransferId, string>();

  constructor(system: ReceiveSystem) {
    this.#system = system;
    this.#held = new HeldDeliveries(system.clock, (transferId) => {
      this.#emitEnd(transferId, INTERRUPTED);
    });
  }

  /** A session has the whole of an offer. */
  offer(session: ReceiveSession, offered: IncomingOffer): void {
    const { transferId } = offered.offer;
    const { peerId } = session.connection;
    const before = this.#latest.get(transferId);
    const owner = before?.peerId ?? this.#held.ownerOf(transferId);
    if (owner !== null && owner !== peerId) {
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
    if (!this.#standsFor(transferId, key)) {
      session.fail(new DroplineError('PROTOCOL_VIOLATION'));
      return;
    }
    const incoming = new Incoming(session, { ...offered, entries }, planned.saved, key);
    this.#bySession.set(session, incoming);
    this.#latest.set(transferId, incoming);
    before?.session.abandon();
    incoming.opened = this.#open(incoming, before);
  }

  /**
   * An id stands for one list of files for good. Otherwise a yes to what a person was shown could reach
   * what came in its place a moment later.
   */
  #standsFor(transferId: TransferId, key: string): boolean {
    const known = this.#lists.get(transferId);
    this.#lists.delete(transferId);
    this.#lists.set(transferId, known ?? key);
    const [oldest] = this.#lists.keys();
    if (this.#lists.size > MAX_LISTS && oldest !== undefined) this.#lists.delete(oldest);
    return known === undefined || known === key;
  }

  finishing(session: ReceiveSession): void {
    const incoming = this.#bySession.get(session);
    if (!incoming?.told) return;
    this.#paused.delete(incoming.transferId);
    this.#system.reporter.emit({ kind: 'finishing', transferId: incoming.transferId });
  }

  /** A session has ended. `begun`: what it was writing. */
  end(session: ReceiveSession, outcome: Outcome, begun: Delivery | null): void {
    const incoming = this.#bySession.get(session);
    if (incoming) void this.#settle(incoming, outcome, begun);
  }

  accept(transferId: TransferId, directory: string): void {
    const incoming = this.#latest.get(transferId);
    if (!incoming?.session.offered || !incoming.told) return;
    const { session, offer, saved } = incoming;
    try {
      const { entries, hash } = offer;
      const { fs } = this.#system;
      const skip: readonly FileProblem[] = [];
      const delivery = new Delivery({ fs, directory, transferId, entries, saved, hash, skip });
      delivery.prepare();
      session.accept(delivery, NOTHING_HELD);
      this.#begin(incoming, 0);
    } catch (error) {
      session.fail(error);
    }
  }

  decline(transferId: TransferId, code: ErrorCode): void {
    this.#latest.get(transferId)?.session.decline(code);
  }

  /** Stands still until `resume`, over cut wires too. Too late once all has come. */
  pause(transferId: TransferId): void {
    const session = this.#latest.get(transferId)?.session;
    const isOver = session ? session.finishing : this.#held.ownerOf(transferId) === null;
    if (isOver || this.#paused.has(transferId)) return;
    this.#paused.set(transferId, null);
    session?.pause();
  }

  resume(transferId: TransferId): void {
    const cut = this.#paused.get(transferId);
    if (!this.#paused.delete(transferId)) return;
    this.#latest.get(transferId)?.session.resume();
    if (cut) this.#system.reporter.emit({ kind: 'interrupted', transferId, failure: cut });
  }

  async cancel(transferId: TransferId): Promise<void> {
    const incoming = this.#latest.get(transferId);
    incoming?.session.cancel();
    await incoming?.over;
    const owner = this.#held.ownerOf(transferId);
    if (owner === null || !(await this.#held.drop(transferId))) return;
    this.#rememberCancelled(transferId, owner);
    this.#emitEnd(transferId, { kind: 'cancelled', by: 'us' });
  }

  /** After the sessions were stopped: waits for the disk and removes what is not whole. */
  async stop(): Promise<void> {
    await Promise.all([...this.#bySession.values()].map(({ over }) => over));
    for (const transferId of await this.#held.dropAll()) this.#emitEnd(transferId, INTERRUPTED);
  }

  /** Goes on with what the same sender began before, without asking again; else asks. Never rejects. */
  async #open(incoming: Incoming, before: Incoming | undefined): Promise<void> {
    const { session, transferId, peerId, entriesKey } = incoming;
    try {
      await before?.over;
      if (!session.offered) return;
      const { hash } = incoming.offer;
      incoming.resumed = await this.#held.take({ transferId, peerId, entriesKey, hash });
      if (incoming.resumed) await this.#resume(incoming, incoming.resumed);
      else this.#ask(incoming);
    } catch (error) {
      session.fail(error);
    }
  }

  async #resume(incoming: Incoming, delivery: Delivery): Promise<void> {
    const { session } = incoming;
    // a delivery that is finished was told of already: its sender only did not hear it
    incoming.told = !delivery.finished;
    const proof = await proveHeld(delivery, () => session.offered);
    if (!session.offered) return;
    session.accept(delivery, proof);
    if (incoming.told) this.#begin(incoming, proof.keptBytes);
  }

  #ask(incoming: Incoming): void {
    const { session, transferId, peerId } = incoming;
    if (!session.offered) return;
    if (this.#offersAreMany(peerId)) {
      session.decline('PEER_BUSY');
      return;
    }
    incoming.told = true;
    const { offer, peerName } = incoming.offer;
    this.#system.reporter.emit({
      kind: 'offered',
      transferId,
      mode: 'tls',
      peer: { id: peerId, name: peerName, address: session.connection.address },
      items: offer.items,
      itemCount: offer.itemCount,
      totals: { files: offer.files, directories: offer.directories, bytes: offer.bytes },
      leftOutCount: offer.leftOut,
    });
  }

  #offersAreMany(peerId: PeerId): boolean {
    const waiting = [...this.#latest.values()].filter((i) => i.told && i.session.offered);
    const ofPeer = waiting.filter((incoming) => incoming.peerId === peerId);
    return waiting.length >= MAX_OFFERS || ofPeer.length >= MAX_OFFERS_PER_PEER;
  }

  #begin({ session, transferId }: Incoming, keptBytes: number): void {
    const { reporter } = this.#system;
    if (this.#paused.has(transferId)) {
      this.#paused.set(transferId, null);
      session.pause();
    }
    reporter.emit({ kind: 'started', transferId, keptBytes });
    reporter.watch(transferId, () => ({
      bytes: session.keptBytes + session.receivedBytes,
      files: session.delivery?.wholeFiles.size ?? 0,
      paused: session.paused,
    }));
  }

  /** Keeps or removes what there is, tells, and lets the next connection have its turn. Never rejects. */
  async #settle(incoming: Incoming, outcome: Outcome, begun: Delivery | null): Promise<void> {
    const { session, transferId, peerId, entriesKey } = incoming;
    await incoming.opened;
    this.#system.reporter.forget(transferId);
    const delivery = begun ?? incoming.resumed;
    const cut = outcome.kind === 'failed' && isInterruption(outcome.failure);
    const kept = delivery !== null && (delivery.finished || cut);
    if (kept) await this.#held.keep({ transferId, peerId, entriesKey, delivery });
    else await delivery?.discard();
    if (outcome.kind === 'cancelled') {
      if (outcome.by === 'us') this.#rememberCancelled(transferId, peerId);
      // a sender that cancels while the wire is cut comes back only to say so
      if (await this.#held.drop(transferId)) incoming.told = true;
    }
    if (incoming.told && cut && kept) {
      this.#emitCut(transferId, outcome.failure);
    } else if (incoming.told) {
      this.#emitEnd(transferId, outcome.kind === 'done' ? delivered(session, delivery) : outcome);
    }
    this.#bySession.delete(session);
    if (this.#latest.get(transferId) === incoming) this.#latest.delete(transferId);
    incoming.finish();
  }

  #rememberCancelled(transferId: TransferId, peerId: PeerId): void {
    this.#cancelled.set(transferId, peerId);
    const [oldest] = this.#cancelled.keys();
    if (this.#cancelled.size > MAX_CANCELLED && oldest) this.#cancelled.delete(oldest);
  }

  /** What is paused here stays so: nothing is expected to come. */
  #emitCut(transferId: TransferId, failure: Failure): void {
    const { reporter } = this.#system;
    if (!this.#paused.has(transferId)) {
      reporter.emit({ kind: 'interrupted', transferId, failure });
      return;
    }
    this.#paused.set(transferId, failure);
    reporter.emit({ kind: 'paused', transferId, by: 'us' });
  }

  #emitEnd(transferId: TransferId, outcome: WorkerOutcome): void {
    this.#paused.delete(transferId);
    this.#system.reporter.emit({ kind: 'ended', transferId, outcome });
  }
}

const INTERRUPTED: WorkerOutcome = { kind: 'failed', failure: failure('INTERRUPTED') };

function delivered(session: ReceiveSession, delivery: Delivery | null): WorkerOutcome {
  const report = delivery?.report();
  const problems = report?.problems ?? [];
  return {
    kind: 'delivered',
    hash: delivery?.transferHash ?? null,
    verified: true,
    files: report?.files ?? 0,
    bytes: report?.bytes ?? 0,
    sentBytes: session.receivedBytes,
    failed: { count: problems.length, examples: problems.slice(0, MAX_PROBLEM_EXAMPLES) },
    savedAs: delivery?.savedAs ?? null,
  };
}
