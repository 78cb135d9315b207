import type { ErrorCode, Failure } from '../../../shared/errors.ts';
import { DroplineError, failure, toFailure } from '../../../shared/errors.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { Item, Problem, Problems, TransferId } from '../../../shared/model/transfer.ts';
import { MAX_PROBLEM_EXAMPLES } from '../../../shared/model/transfer.ts';
import { MAX_OFFER_ITEMS } from '../../../shared/protocol/limits.ts';
import { totalsOf } from '../../../shared/protocol/manifest.ts';
import type { MessageOf } from '../../../shared/protocol/messages.ts';
import { pausedBy } from '../../../shared/protocol/pause.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import type { Counts } from './count-reporter.ts';
import { dial } from './dial.ts';
import type { Connection, Identity } from './connection.ts';
import { FileHashes } from './file-hashes.ts';
import { availableHashes } from './hash.ts';
import { isInterruption } from './interruption.ts';
import type { Clock } from './ports.ts';
import type { SendResult, SendSessionHandlers } from './send-session.ts';
import { SendSession } from './send-session.ts';
import { Standstill } from './standstill.ts';
import type { Source } from './source.ts';
import type { Self, SendRequest, TransferEvent, WorkerOutcome } from './worker-messages.ts';

export const REDIAL_MS = 1_000;
/** How long a person who cancels while the wire is cut lets us look for the other side to tell it. */
const GOODBYE_MS = 2_000;

/** What the other end of a wire that was whole before may answer while the network comes back. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['NOT_DROPLINE', 'PEER_NOT_FOUND']);

type Offer = Omit<MessageOf<'offer'>, 'type'>;

export interface Prepared {
  readonly source: Source;
  readonly items: readonly Item[];
  readonly itemCount: number;
  readonly leftOut: Problems;
}

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
  #hashes = new FileHashes(0);
  #session: SendSession | null = null;
  #sentBytes = 0;
  /** When the wire was cut and has not carried anything since; null: it is whole. */
  #cutAtMs: number | null = null;
  #connection: Connection | null = null;
  readonly #standstill: Standstill;
  /** Who answered the first time: whoever it is later must be the same. */
  #peerId: PeerId | null = null;

  constructor(options: SendJobOptions) {
    this.transferId = options.request.transferId;
    this.#options = options;
    this.#standstill = new Standstill(options.clock, this.#abort.signal);
  }

  get counts(): Counts | null {
    const session = this.#session;
    if (!session?.started) return null;
    const paused = pausedBy({ ...session.pausing, byUs: this.#standstill.wanted });
    return { bytes: session.deliveredBytes, files: session.files, paused };
  }

  cancel(): void {
    this.#abort.abort(new DroplineError('CANCELLED'));
    this.#session?.cancel();
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
    let prepared: Prepared | null = null;
    let outcome: WorkerOutcome;
    let toldPeer = true;
    try {
      prepared = await this.#options.prepare(this.#options.request, this.#abort.signal);
      outcome = await this.#deliver(prepared);
    } catch (error) {
      const cancelled = this.#abort.signal.aborted;
      outcome = cancelled
        ? { kind: 'cancelled', by: 'us' }
        : { kind: 'failed', failure: toFailure(error) };
      toldPeer = !cancelled || this.#peerId === null;
    }
    this.#options.emit({ kind: 'ended', transferId: this.transferId, outcome });
    if (prepared && !toldPeer) await this.#sayGoodbye(prepared);
    prepared?.source.close();
    await this.#connection?.gone;
  }

  async #deliver(prepared: Prepared): Promise<WorkerOutcome> {
    const { transferId } = this;
    const { items, itemCount, leftOut, source } = prepared;
    const totals = totalsOf(source.entries);
    this.#hashes = new FileHashes(source.entries.length);
    this.#options.emit({
      kind: 'prepared',
      transferId,
      items: items.slice(0, MAX_OFFER_ITEMS),
      itemCount,
      totals,
      leftOut,
    });
    for (;;) {
      const tried = await this.#tryOnce(prepared);
      if (tried.kind === 'ended') return tried.outcome;
      await this.#waitToRedial(tried.failure);
    }
  }

  #offerOf({ items, itemCount, leftOut, source }: Prepared): Offer {
    return {
      transferId: this.transferId,
      items: items.slice(0, MAX_OFFER_ITEMS).map((item) => ({ ...item })),
      itemCount,
      ...totalsOf(source.entries),
      leftOut: leftOut.count,
    };
  }

  async #tryOnce(
    prepared: Prepared,
  ): Promise<{ kind: 'ended'; outcome: WorkerOutcome } | { kind: 'cut'; failure: Failure }> {
    let connection: Connection;
    try {
      connection = await this.#dial(this.#abort.signal);
    } catch (error) {
      const why = toFailure(error);
      if (this.#peerId !== null && (isInterruption(why) || PASSING.has(why.code))) {
        return { kind: 'cut', failure: why };
      }
      throw error;
    }
    const result = await this.#converse(connection, prepared);
    const { outcome } = result;
    if (outcome.kind === 'failed' && isInterruption(outcome.failure)) {
      return { kind: 'cut', failure: outcome.failure };
    }
    return { kind: 'ended', outcome: this.#outcome(outcome, result, prepared.source) };
  }

  async #dial(signal: AbortSignal): Promise<Connection> {
    const { request, self, clock, emit } = this.#options;
    if (this.#peerId === null) emit({ kind: 'connecting', transferId: this.transferId });
    const identity: Identity = self().identity;
    const { addresses, port } = request;
    const expectedPeerId = this.#peerId ?? request.expectedPeerId;
    const options = { identity, clock, addresses, port, expectedPeerId, signal };
    this.#connection = await dial(options);
    this.#peerId = this.#connection.peerId;
    return this.#connection;
  }

  async #converse(connection: Connection, prepared: Prepared): Promise<SendResult> {
    const { emit } = this.#options;
    const { transferId } = this;
    const session = this.#open(connection, prepared, {
      onWaiting: (peerName) => {
        const peer = { id: connection.peerId, name: peerName, address: connection.address };
        emit({ kind: 'waiting', transferId, peer });
      },
      onOffered: () => undefined,
      onStarted: (keptBytes) => {
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
    if (this.#abort.signal.aborted) session.cancel();
    const result = await session.result;
    this.#sentBytes += session.sentBytes;
    // only bytes that arrived are progress: a peer that says ok and hangs up makes none
    if (session.ackedBytes > 0) this.#cutAtMs = null;
    return result;
  }

  #open(connection: Connection, prepared: Prepared, handlers: SendSessionHandlers): SendSession {
    const { clock, self } = this.#options;
    const { name, platform } = self();
    return new SendSession({
      connection,
      clock,
      greeting: { name, platform, hashes: availableHashes },
      offer: this.#offerOf(prepared),
      source: prepared.source,
      hashes: this.#hashes,
      isPausedByUs: () => this.#standstill.wanted,
      ...handlers,
    });
  }

  /** Comes back once more only to cancel, so that the other side does not keep what it has. */
  async #sayGoodbye(prepared: Prepared): Promise<void> {
    const tooLate = new AbortController();
    const stopTimer = this.#options.clock.after(GOODBYE_MS, () => {
      tooLate.abort(new DroplineError('PEER_UNREACHABLE'));
      this.#connection?.destroy();
    });
    try {
      const session = this.#open(await this.#dial(tooLate.signal), prepared, {
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

  #outcome(outcome: Outcome, result: SendResult, source: Source): WorkerOutcome {
    if (outcome.kind !== 'done') return outcome;
    const { done, hash } = result;
    const failed = this.#failedOf(result, source);
    return {
      kind: 'delivered',
      hash: hash && `${hash.algorithm}:${hash.hex}`,
      verified: true,
      files: done?.files ?? 0,
      bytes: done?.bytes ?? 0,
      sentBytes: this.#sentBytes,
      failed: {
        count: Math.max(done?.failedCount ?? 0, failed.length),
        examples: failed.slice(0, MAX_PROBLEM_EXAMPLES),
      },
      savedAs: null,
    };
  }

  /** What failed here comes first: the receiver's word is not needed for it. */
  #failedOf({ done, problems }: SendResult, source: Source): Problem[] {
    const failed = new Map(problems.map((problem) => [problem.path, problem]));
    for (const { index, code } of done?.failed ?? []) {
      const path = source.entries[index]?.path.join('/') ?? '';
      if (!failed.has(path)) failed.set(path, { path, code });
    }
    return [...failed.values()];
  }

  /** Nobody is dialled while it stands still. Throws INTERRUPTED when the wire was cut for too long. */
  async #waitToRedial(cause: Failure): Promise<void> {
    const { clock, emit, request } = this.#options;
    const { transferId } = this;
    let mayDialNow = false;
    do {
      if (this.#standstill.wanted) mayDialNow = true;
      await this.#standstill.over();
      this.#cutAtMs ??= clock.nowMs();
      if (clock.nowMs() - this.#cutAtMs >= request.retryForMs) {
        throw new DroplineError('INTERRUPTED', { reason: cause.code });
      }
      emit({ kind: 'interrupted', transferId, failure: failure(cause.code, cause.details) });
      if (!mayDialNow) await this.#standstill.wait(REDIAL_MS);
    } while (this.#standstill.wanted);
  }
}
