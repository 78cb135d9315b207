import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError, failure } from '../../../shared/errors.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { MAX_PROBLEM_EXAMPLES } from '../../../shared/model/transfer.ts';
import { MAX_OFFERS, MAX_OFFERS_PER_PEER } from '../../../shared/protocol/limits.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import { planNames } from '../../../shared/protocol/wire-path.ts';
import type { Connection } from './connection.ts';
import type { CountReporter } from './count-reporter.ts';
import { Delivery } from './destination.ts';
import { availableHashes } from './hash.ts';
import { HeldDeliveries } from './held-deliveries.ts';
import { isInterruption } from './interruption.ts';
import type { Listening } from './listener.ts';
import { listenTls } from './listener.ts';
import { keyOf, withSharedPaths } from './offered-entries.ts';
import { namePlatform } from './name-platform.ts';
import type { IncomingOffer, SessionHost, ReceiveSession as Session } from './receive-session.ts';
import { ReceiveSession } from './receive-session.ts';
import type { ReceiveSystem, Receiver } from './receiver.ts';
import { NOTHING_HELD, proveHeld } from './resume-proof.ts';
import type { ListenOptions, Self, WorkerOutcome } from './worker-messages.ts';

interface Receiving {
  readonly session: Session;
  readonly incoming: IncomingOffer;
  readonly entriesKey: string;
  readonly saved: readonly (readonly string[])[];
  /** The sender only did not hear that this was delivered: nobody is told twice. */
  readonly quiet: boolean;
  /** What an earlier connection left, while it is looked through for this one. */
  readonly resuming: Delivery | null;
}

/** Transfers that come over TLS: the port, the sessions, and what was cut off and may go on. */
export class TlsReceiver implements Receiver {
  readonly #system: ReceiveSystem;
  readonly #reporter: CountReporter;
  readonly #sessions = new Set<Session>();
  readonly #receiving = new Map<TransferId, Receiving>();
  readonly #held: HeldDeliveries;
  readonly #listening: Promise<Listening>;
  #self: Self;

  private constructor(listen: ListenOptions, self: Self, system: ReceiveSystem) {
    this.#self = self;
    this.#system = system;
    this.#reporter = system.reporter;
    this.#held = new HeldDeliveries(system.clock, (transferId) => {
      this.#emitFailed(transferId, 'INTERRUPTED');
    });
    this.#listening = listenTls(listen, self.identity, system.clock, (connection) => {
      this.#greet(connection);
    });
  }

  /** Throws PORT_IN_USE, NO_PERMISSION, ADDRESS_UNAVAILABLE. */
  static async listen(
    listen: ListenOptions,
    self: Self,
    system: ReceiveSystem,
  ): Promise<TlsReceiver> {
    const receiver = new TlsReceiver(listen, self, system);
    await receiver.#listening;
    return receiver;
  }

  bound(): Promise<{ readonly host: string; readonly port: number }> {
    return this.#listening;
  }

  rename(name: string): void {
    this.#self = { ...this.#self, name };
  }

  decline(transferId: TransferId, code: ErrorCode): void {
    this.#receiving.get(transferId)?.session.decline(code);
  }

  #greet(connection: Connection): void {
    const { name, platform } = this.#self;
    const host: SessionHost = {
      greeting: { name, platform, hashes: availableHashes },
      clock: this.#system.clock,
      onOffer: (session, incoming) => {
        void this.#onOffer(session, incoming);
      },
      onFinishing: ({ transferId }) => {
        if (transferId && !this.#receiving.get(transferId)?.quiet) {
          this.#reporter.emit({ kind: 'finishing', transferId });
        }
      },
      onEnd: (session, outcome, delivery) => {
        void this.#onEnd(session, outcome, delivery);
      },
    };
    this.#sessions.add(new ReceiveSession(connection, host));
  }

  async #onOffer(session: Session, incoming: IncomingOffer): Promise<void> {
    const { offer, entries } = incoming;
    const { transferId } = offer;
    const before = this.#receiving.get(transferId);
    if (before) {
      if (before.session.connection.peerId !== session.connection.peerId) {
        session.decline('PEER_BUSY');
        return;
      }
      before.session.abandon();
    }
    const planned = planNames(entries, namePlatform);
    if (!planned.ok) {
      session.fail(new DroplineError('NAME_REFUSED', { reason: planned.reason }));
      return;
    }
    const { saved } = planned;
    const compact = { ...incoming, entries: withSharedPaths(entries, saved) };
    const entriesKey = keyOf(entries);
    const receiving = {
      session,
      incoming: compact,
      entriesKey,
      saved,
      quiet: false,
      resuming: null,
    };
    const { peerId } = session.connection;
    if (await this.#resume(receiving)) return;
    if (!session.offered) return;
    if (this.#offersAreMany(peerId)) {
      session.decline('PEER_BUSY');
      return;
    }
    this.#receiving.set(transferId, receiving);
    this.#reporter.emit({
      kind: 'offered',
      transferId,
      mode: 'tls',
      peer: { id: peerId, name: incoming.peerName, address: session.connection.address },
      items: offer.items,
      itemCount: offer.itemCount,
      totals: { files: offer.files, directories: offer.directories, bytes: offer.bytes },
      leftOutCount: offer.leftOut,
    });
  }

  #offersAreMany(peerId: string): boolean {
    const waiting = [...this.#receiving.values()].filter(({ session }) => session.offered);
    const ofPeer = waiting.filter(({ session }) => session.connection.peerId === peerId);
    return waiting.length >= MAX_OFFERS || ofPeer.length >= MAX_OFFERS_PER_PEER;
  }

  /** Goes on with what the same sender offered before, without asking again. */
  async #resume(receiving: Receiving): Promise<boolean> {
    const { session, incoming, entriesKey } = receiving;
    const { transferId } = incoming.offer;
    const taken = await this.#held.take({
      transferId,
      peerId: session.connection.peerId,
      entriesKey,
      hash: incoming.hash,
    });
    if (!taken) return false;
    const quiet = taken.finished;
    this.#receiving.set(transferId, { ...receiving, quiet, resuming: taken });
    try {
      const proof = await proveHeld(taken);
      if (!session.offered) {
        await taken.suspend(); // cut again meanwhile: it is held already, but was just opened
        return true;
      }
      session.accept(taken, proof);
      if (!quiet) this.#begin(session, transferId, proof.keptBytes);
    } catch (error) {
      session.fail(error);
    }
    return true;
  }

  accept(transferId: TransferId, directory: string): void {
    const receiving = this.#receiving.get(transferId);
    if (!receiving?.session.offered) return;
    const { session, incoming, saved } = receiving;
    try {
      const { entries, hash } = incoming;
      const options = { fs: this.#system.fs, directory, transferId, entries, saved, hash };
      const delivery = new Delivery(options);
      delivery.prepare();
      session.accept(delivery, NOTHING_HELD);
      this.#begin(session, transferId, 0);
    } catch (error) {
      session.fail(error);
    }
  }

  #begin(session: Session, transferId: TransferId, keptBytes: number): void {
    this.#reporter.emit({ kind: 'started', transferId, keptBytes });
    this.#reporter.watch(transferId, () => ({
      bytes: session.keptBytes + session.receivedBytes,
      files: session.delivery?.wholeFiles.size ?? 0,
    }));
  }

  async #onEnd(session: Session, outcome: Outcome, begun: Delivery | null): Promise<void> {
    this.#sessions.delete(session);
    const { transferId } = session;
    const receiving = transferId && this.#receiving.get(transferId);
    if (!transferId || receiving?.session !== session) return;
    this.#receiving.delete(transferId);
    this.#reporter.forget(transferId);
    const { entriesKey, quiet } = receiving;
    const delivery = begun ?? receiving.resuming;
    const { peerId } = session.connection;
    if (delivery && this.#isWorthKeeping(outcome, delivery)) {
      await this.#held.keep({ transferId, peerId, entriesKey, delivery });
      if (outcome.kind === 'failed' && !quiet) {
        this.#reporter.emit({ kind: 'interrupted', transferId, failure: outcome.failure });
      }
    } else await delivery?.discard();
    if (quiet || (outcome.kind === 'failed' && isInterruption(outcome.failure) && delivery)) return;
    this.#reporter.emit({
      kind: 'ended',
      transferId,
      outcome: outcome.kind === 'done' ? delivered(session, delivery) : outcome,
    });
  }

  #isWorthKeeping(outcome: Outcome, delivery: Delivery): boolean {
    if (delivery.finished) return true;
    return outcome.kind === 'failed' && isInterruption(outcome.failure);
  }

  async cancel(transferId: TransferId): Promise<void> {
    const receiving = this.#receiving.get(transferId);
    if (receiving) {
      receiving.session.cancel();
      return;
    }
    if (await this.#held.drop(transferId)) {
      const outcome = { kind: 'cancelled', by: 'us' } as const;
      this.#reporter.emit({ kind: 'ended', transferId, outcome });
    }
  }

  #emitFailed(transferId: TransferId, code: ErrorCode): void {
    const outcome = { kind: 'failed', failure: failure(code) } as const;
    this.#reporter.emit({ kind: 'ended', transferId, outcome });
  }

  /** The senders are told that it is this side that stops: they may try again later. */
  async stop(): Promise<void> {
    for (const session of [...this.#sessions]) session.fail(new DroplineError('INTERRUPTED'));
    await (await this.#listening).stop();
    await this.#held.dropAll();
  }
}

function delivered(session: Session, delivery: Delivery | null): WorkerOutcome {
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
