import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError, failure, toFailure } from '../../../shared/errors.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { MAX_PROBLEM_EXAMPLES } from '../../../shared/model/transfer.ts';
import { MAX_OFFERS, MAX_OFFERS_PER_PEER } from '../../../shared/protocol/limits.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import { planNames } from '../../../shared/protocol/wire-path.ts';
import type { Connection } from './connection.ts';
import { CountReporter } from './count-reporter.ts';
import { Delivery } from './destination.ts';
import { availableHashes } from './hash.ts';
import { HeldDeliveries } from './held-deliveries.ts';
import { isInterruption } from './interruption.ts';
import type { Listening } from './listener.ts';
import { listenTls } from './listener.ts';
import { keyOf, withSharedPaths } from './offered-entries.ts';
import { namePlatform } from './name-platform.ts';
import { listenPlain } from './plain-receive.ts';
import type { PlainListening } from './plain-receive.ts';
import type { Clock, FileSystem } from './ports.ts';
import type { IncomingOffer, ReceiveHost, ReceiveSession as Session } from './receive-session.ts';
import { ReceiveSession } from './receive-session.ts';
import { NOTHING_HELD, proveHeld } from './resume-proof.ts';
import type { FromReceiveWorker, Self, ToReceiveWorker, WorkerOutcome } from './worker-messages.ts';

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

/** What the receive worker does, apart from being a thread: the port, the sessions, what was cut off. */
export class TransferReceiver {
  readonly #fs: FileSystem;
  readonly #clock: Clock;
  readonly #post: (message: FromReceiveWorker) => void;
  readonly #reporter: CountReporter;
  readonly #sessions = new Set<Session>();
  readonly #receiving = new Map<TransferId, Receiving>();
  readonly #held: HeldDeliveries;
  #self: Self | null = null;
  #listening: Listening | null = null;
  #plain: PlainListening | null = null;

  constructor(fs: FileSystem, clock: Clock, post: (message: FromReceiveWorker) => void) {
    this.#fs = fs;
    this.#clock = clock;
    this.#post = post;
    this.#reporter = new CountReporter(clock, (event) => {
      post({ kind: 'event', event });
    });
    this.#held = new HeldDeliveries(clock, (transferId) => {
      this.#emitFailed(transferId, 'INTERRUPTED');
    });
  }

  async handle(message: ToReceiveWorker): Promise<void> {
    switch (message.kind) {
      case 'start':
        await this.#start(message);
        break;
      case 'rename':
        if (this.#self) this.#self = { ...this.#self, name: message.name };
        break;
      case 'accept':
        this.#plain?.accept(message.transferId, message.directory);
        this.#accept(message.transferId, message.directory);
        break;
      case 'decline':
        this.#plain?.decline(message.transferId, message.code);
        this.#receiving.get(message.transferId)?.session.decline(message.code);
        break;
      case 'cancel':
        this.#plain?.cancel(message.transferId);
        await this.#cancel(message.transferId);
        break;
      case 'stop':
        await this.#stop();
        break;
    }
  }

  async #start({ self, listen }: ToReceiveWorker & { kind: 'start' }): Promise<void> {
    this.#self = self;
    try {
      if (listen.mode === 'plain') {
        this.#plain = await listenPlain(listen, {
          fs: this.#fs,
          clock: this.#clock,
          reporter: this.#reporter,
        });
      } else {
        this.#listening = await listenTls(listen, self.identity, this.#clock, (connection) => {
          this.#greet(connection, self);
        });
      }
      const bound = this.#plain ?? this.#listening;
      if (bound) this.#post({ kind: 'listening', host: bound.host, port: bound.port });
    } catch (error) {
      this.#post({ kind: 'listenFailed', failure: toFailure(error) });
    }
  }

  #greet(connection: Connection, { name, platform }: Self): void {
    const host: ReceiveHost = {
      greeting: { name: this.#self?.name ?? name, platform, hashes: availableHashes },
      clock: this.#clock,
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

  #accept(transferId: TransferId, directory: string): void {
    const receiving = this.#receiving.get(transferId);
    if (!receiving?.session.offered) return;
    const { session, incoming, saved } = receiving;
    try {
      const { entries, hash } = incoming;
      const options = { fs: this.#fs, directory, transferId, entries, saved, hash };
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

  async #cancel(transferId: TransferId): Promise<void> {
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

  async #stop(): Promise<void> {
    await Promise.all([this.#listening?.stop(), this.#plain?.stop(), this.#endSessions()]);
    await this.#held.dropAll();
    this.#reporter.stop();
    this.#post({ kind: 'stopped' });
  }

  /** The senders are told that it is this side that stops: they may try again later. */
  async #endSessions(): Promise<void> {
    for (const session of [...this.#sessions]) session.fail(new DroplineError('INTERRUPTED'));
    await Promise.resolve();
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
