import type { Place } from '../../../shared/model/peer.ts';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { DroplineError, toFailure } from '../../../shared/errors.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { NO_PROBLEMS } from '../../../shared/model/transfer.ts';
import { HANDSHAKE_TIMEOUT_MS } from '../../../shared/protocol/limits.ts';
import { totalsOf } from '../../../shared/protocol/manifest.ts';
import type {
  PlainEnd,
  PlainSenderEffect,
  PlainSenderInput,
  PlainSenderState,
} from '../../../shared/protocol/plain.ts';
import {
  createPlainSender,
  plainSenderDeadlineMs,
  stepPlainSender,
} from '../../../shared/protocol/plain.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import type { Counts } from './count-reporter.ts';
import type { Clock } from './ports.ts';
import { resetSocket } from './reset-socket.ts';
import type { Prepared } from './send-offer.ts';
import type { Source } from './source.ts';
import { wireError } from './system-errors.ts';
import type { SendRequest, TransferEvent, WorkerOutcome } from './worker-messages.ts';
import { wayOut } from './way-out.ts';

const CHUNK_BYTES = 256 * 1024;

export interface PlainSendJobOptions {
  readonly request: SendRequest;
  readonly clock: Clock;
  readonly prepare: (request: SendRequest, signal: AbortSignal) => Promise<Prepared>;
  readonly emit: (event: TransferEvent) => void;
}

/** One file to one address by the bare exchange. It is never tried again: half of it may be saved. */
export class PlainSendJob {
  readonly transferId: TransferId;
  readonly #options: PlainSendJobOptions;
  readonly #abort = new AbortController();
  #session: PlainSendSession | null = null;

  constructor(options: PlainSendJobOptions) {
    this.transferId = options.request.transferId;
    this.#options = options;
  }

  get counts(): Counts | null {
    return (
      this.#session && { bytes: this.#session.sentBytes, files: 0, limitedBy: null, paused: null }
    );
  }

  cancel(): void {
    this.#abort.abort(new DroplineError('CANCELLED'));
    this.#session?.cancel();
  }

  async run(): Promise<void> {
    const { request, prepare, emit } = this.#options;
    const { transferId } = this;
    let outcome: WorkerOutcome;
    try {
      const prepared = await prepare(request, this.#abort.signal);
      outcome = await this.#deliver(prepared);
      prepared.source.close();
    } catch (error) {
      outcome = this.#abort.signal.aborted
        ? { kind: 'cancelled', by: 'us' }
        : { kind: 'failed', failure: toFailure(error) };
    }
    emit({ kind: 'ended', transferId, outcome });
  }

  async #deliver({ source, items, itemCount, leftOut }: Prepared): Promise<WorkerOutcome> {
    const { request, clock, emit } = this.#options;
    const { transferId } = this;
    const [entry] = source.entries;
    if (source.entries.length !== 1 || entry?.kind !== 'file') {
      throw new DroplineError('WRONG_USAGE');
    }
    emit({
      kind: 'prepared',
      transferId,
      items,
      itemCount,
      totals: totalsOf(source.entries),
      leftOut,
    });
    emit({ kind: 'connecting', transferId });
    const [place] = request.places;
    if (!place) throw new DroplineError('PEER_UNREACHABLE');
    const socket = await dialPlain(place, clock);
    const peer = { id: null, name: '', address: socket.remoteAddress ?? place.address };
    emit({ kind: 'waiting', transferId, peer, port: place.port });
    const name = entry.path.at(-1) ?? '';
    const session = new PlainSendSession(socket, clock, source, name, () => {
      emit({ kind: 'started', transferId, keptBytes: 0 });
    });
    this.#session = session;
    if (this.#abort.signal.aborted) session.cancel();
    const outcome = await session.outcome;
    if (outcome.kind !== 'done') return outcome;
    const bytes = session.sentBytes;
    return {
      kind: 'delivered',
      hash: null,
      verified: false,
      files: 1,
      bytes,
      sentBytes: bytes,
      failed: NO_PROBLEMS,
      savedAs: null,
    };
  }
}

/** Throws PEER_UNREACHABLE, PEER_NOT_FOUND. */
function dialPlain({ address: host, port }: Place, clock: Clock): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...wayOut(host), host, port, noDelay: true, allowHalfOpen: true });
    const stopTimer = clock.after(HANDSHAKE_TIMEOUT_MS, () => {
      socket.destroy(new DroplineError('PEER_UNREACHABLE'));
    });
    socket.once('error', (error) => {
      stopTimer();
      const { code, details } = wireError(error);
      reject(new DroplineError(code, { host, port, name: host, ...details }, { cause: error }));
    });
    socket.once('connect', () => {
      stopTimer();
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

class PlainSendSession {
  readonly outcome: Promise<Outcome>;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #source: Source;
  readonly #onStarted: () => void;
  #settle: (outcome: Outcome) => void = () => undefined;
  #state: PlainSenderState;
  #failure: unknown = null;
  #stopTimer: () => void = () => undefined;
  sentBytes = 0;

  constructor(socket: Socket, clock: Clock, source: Source, name: string, onStarted: () => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#source = source;
    this.#onStarted = onStarted;
    this.#state = createPlainSender(name);
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
    socket.on('data', (bytes: Buffer) => {
      this.#step({ kind: 'bytes', bytes, nowMs: clock.nowMs() });
    });
    socket.on('end', () => {
      this.#step({ kind: 'peerEnded' });
    });
    socket.on('error', (error) => {
      this.#step({ kind: 'closed', code: wireError(error).code });
    });
    socket.on('close', () => {
      this.#step({ kind: 'closed', code: null });
    });
    this.#step({ kind: 'connected', nowMs: clock.nowMs() });
  }

  cancel(): void {
    this.#step({ kind: 'cancel' });
  }

  #step(input: PlainSenderInput): void {
    const step = stepPlainSender(this.#state, input);
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
    this.#setTimer();
  }

  #perform(effect: PlainSenderEffect): void {
    switch (effect.kind) {
      case 'write':
        this.#socket.write(effect.bytes);
        break;
      case 'stream':
        this.#onStarted();
        void this.#stream();
        break;
      case 'finish':
        this.#socket.end();
        break;
      case 'end':
        this.#end(effect);
        break;
    }
  }

  async #stream(): Promise<void> {
    try {
      const file = await this.#source.open(0);
      try {
        for (;;) {
          const chunk = new Uint8Array(CHUNK_BYTES);
          const count = await file.read(chunk, this.sentBytes);
          if (count === 0 || this.#state.phase !== 'streaming') break;
          await this.#write(chunk.subarray(0, count));
          this.sentBytes += count;
          this.#step({ kind: 'sent', nowMs: this.#clock.nowMs() });
        }
        file.check();
      } finally {
        file.close();
      }
      this.#step({ kind: 'allSent', nowMs: this.#clock.nowMs() });
    } catch (error) {
      this.#failure = error;
      this.#step({ kind: 'fault', code: toFailure(error).code });
    }
  }

  /** Resolves when the socket has taken it, or is gone. */
  #write(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(chunk, () => {
        resolve();
      });
    });
  }

  #end({ outcome, wire }: PlainEnd): void {
    this.#stopTimer();
    if (wire === 'reset') resetSocket(this.#socket);
    else this.#socket.destroySoon();
    const failed = outcome.kind === 'failed' && this.#failure !== null;
    this.#settle(failed ? { kind: 'failed', failure: toFailure(this.#failure) } : outcome);
  }

  #setTimer(): void {
    this.#stopTimer();
    const deadlineMs = plainSenderDeadlineMs(this.#state);
    if (deadlineMs === null) return;
    const waitMs = Math.max(0, deadlineMs - this.#clock.nowMs());
    this.#stopTimer = this.#clock.after(waitMs, () => {
      this.#step({ kind: 'tick', nowMs: this.#clock.nowMs() });
    });
  }
}
