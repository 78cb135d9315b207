import type { Failure } from '../../../shared/errors.ts';
import { DroplineError, failure, toFailure } from '../../../shared/errors.ts';
import type { Item, Problem, Problems, TransferId } from '../../../shared/model/transfer.ts';
import { MAX_PROBLEM_EXAMPLES } from '../../../shared/model/transfer.ts';
import { MAX_OFFER_ITEMS } from '../../../shared/protocol/limits.ts';
import { totalsOf } from '../../../shared/protocol/manifest.ts';
import type { MessageOf } from '../../../shared/protocol/messages.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import { dial } from './dial.ts';
import type { Connection, Identity } from './connection.ts';
import { FileHashes } from './file-hashes.ts';
import { availableHashes } from './hash.ts';
import { isInterruption } from './interruption.ts';
import type { Clock } from './ports.ts';
import type { SendResult } from './send-session.ts';
import { SendSession } from './send-session.ts';
import type { Source } from './source.ts';
import type { Self, SendRequest, TransferEvent, WorkerOutcome } from './worker-messages.ts';

const REDIAL_MS = 1_000;

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
  #wasConnected = false;

  constructor(options: SendJobOptions) {
    this.transferId = options.request.transferId;
    this.#options = options;
  }

  get counts(): { bytes: number; files: number } | null {
    return this.#session && { bytes: this.#session.deliveredBytes, files: this.#session.files };
  }

  cancel(): void {
    this.#abort.abort(new DroplineError('CANCELLED'));
    this.#session?.cancel();
  }

  /** Resolves when the transfer has ended, in whatever way; `ended` was emitted then. */
  async run(): Promise<void> {
    let source: Source | null = null;
    let outcome: WorkerOutcome;
    try {
      const prepared = await this.#options.prepare(this.#options.request, this.#abort.signal);
      source = prepared.source;
      outcome = await this.#deliver(prepared);
    } catch (error) {
      outcome = this.#abort.signal.aborted
        ? { kind: 'cancelled', by: 'us' }
        : { kind: 'failed', failure: toFailure(error) };
    }
    source?.close();
    this.#options.emit({ kind: 'ended', transferId: this.transferId, outcome });
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
    const offer = {
      transferId,
      items: items.slice(0, MAX_OFFER_ITEMS).map((item) => ({ ...item })),
      itemCount,
      ...totals,
      leftOut: leftOut.count,
    };
    for (;;) {
      const tried = await this.#tryOnce(source, offer);
      if (tried.kind === 'ended') return tried.outcome;
      await this.#waitToRedial(tried.failure);
    }
  }

  async #tryOnce(
    source: Source,
    offer: Omit<MessageOf<'offer'>, 'type'>,
  ): Promise<{ kind: 'ended'; outcome: WorkerOutcome } | { kind: 'cut'; failure: Failure }> {
    let connection: Connection;
    try {
      connection = await this.#dial();
    } catch (error) {
      if (this.#wasConnected && isInterruption(toFailure(error))) {
        return { kind: 'cut', failure: toFailure(error) };
      }
      throw error;
    }
    const result = await this.#converse(connection, source, offer);
    const { outcome } = result;
    if (outcome.kind === 'failed' && isInterruption(outcome.failure)) {
      return { kind: 'cut', failure: outcome.failure };
    }
    return { kind: 'ended', outcome: this.#outcome(outcome, result, source) };
  }

  #dial(): Promise<Connection> {
    const { request, self, clock, emit } = this.#options;
    if (!this.#wasConnected) emit({ kind: 'connecting', transferId: this.transferId });
    const identity: Identity = self().identity;
    const { addresses, port, expectedPeerId } = request;
    const signal = this.#abort.signal;
    return dial({ identity, clock, addresses, port, expectedPeerId, signal });
  }

  async #converse(
    connection: Connection,
    source: Source,
    offer: Omit<MessageOf<'offer'>, 'type'>,
  ): Promise<SendResult> {
    const { clock, emit, self } = this.#options;
    const { transferId } = this;
    this.#wasConnected = true;
    const { name, platform } = self();
    const session = new SendSession({
      connection,
      clock,
      greeting: { name, platform, hashes: availableHashes },
      offer,
      source,
      hashes: this.#hashes,
      onWaiting: (peerName) => {
        const peer = { id: connection.peerId, name: peerName, address: connection.address };
        emit({ kind: 'waiting', transferId, peer });
      },
      onStarted: (keptBytes) => {
        this.#cutAtMs = null;
        emit({ kind: 'started', transferId, keptBytes });
      },
      onFinishing: () => {
        emit({ kind: 'finishing', transferId });
      },
    });
    this.#session = session;
    if (this.#abort.signal.aborted) session.cancel();
    const result = await session.result;
    this.#sentBytes += session.sentBytes;
    return result;
  }

  #outcome(outcome: Outcome, result: SendResult, source: Source): WorkerOutcome {
    if (outcome.kind !== 'done') return outcome;
    const { done, hash } = result;
    const failed: Problem[] = (done?.failed ?? []).map(({ index, code }) => ({
      path: source.entries[index]?.path.join('/') ?? '',
      code,
    }));
    return {
      kind: 'delivered',
      hash: hash && `${hash.algorithm}:${hash.hex}`,
      verified: true,
      files: done?.files ?? 0,
      bytes: done?.bytes ?? 0,
      sentBytes: this.#sentBytes,
      failed: { count: done?.failedCount ?? 0, examples: failed.slice(0, MAX_PROBLEM_EXAMPLES) },
      savedAs: null,
    };
  }

  /** Throws INTERRUPTED when the wire has been cut for too long. */
  async #waitToRedial(cause: Failure): Promise<void> {
    const { clock, emit, request } = this.#options;
    const { transferId } = this;
    this.#cutAtMs ??= clock.nowMs();
    if (clock.nowMs() - this.#cutAtMs >= request.retryForMs) {
      throw new DroplineError('INTERRUPTED', { reason: cause.code });
    }
    emit({ kind: 'interrupted', transferId, failure: failure(cause.code, cause.details) });
    const { signal } = this.#abort;
    await new Promise<void>((resolve) => {
      const stop = clock.after(REDIAL_MS, resolve);
      signal.addEventListener(
        'abort',
        () => {
          stop();
          resolve();
        },
        { once: true },
      );
    });
    signal.throwIfAborted();
  }
}
