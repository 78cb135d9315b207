import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { ErrorCode } from '../../../shared/errors.ts';
import { toFailure } from '../../../shared/errors.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { NO_PROBLEMS } from '../../../shared/model/transfer.ts';
import { MAX_OFFERS_HELD } from '../../../shared/protocol/limits.ts';
import type {
  PlainEnd,
  PlainReceiverEffect,
  PlainReceiverInput,
  PlainReceiverState,
} from '../../../shared/protocol/plain.ts';
import {
  createPlainReceiver,
  plainReceiverDeadlineMs,
  stepPlainReceiver,
} from '../../../shared/protocol/plain.ts';
import { firstToGo } from './crowd.ts';
import type { JournalHeader } from './journal-records.ts';
import { WaitingRoom, bind } from './listener.ts';
import { nameIn, namePlatform } from './name-platform.ts';
import { PlainFile } from './plain-file.ts';
import { newToken } from './staging.ts';
import type { PortSystem, ReceiveSystem, Receiver } from './receiver.ts';
import { remoteAddress } from './remote-address.ts';
import { resetSocket } from './reset-socket.ts';
import { wireError } from './system-errors.ts';
import type { Acceptance, ListenOptions, WorkerOutcome } from './worker-messages.ts';

const NOTHING = new Uint8Array(0);

/** Opens a port for the bare exchange. Throws PORT_IN_USE, NO_PERMISSION, ADDRESS_UNAVAILABLE. */
export async function listenPlain(listen: ListenOptions, host: PortSystem): Promise<Receiver> {
  await host.shelf.takeStock();
  const sessions = new Map<TransferId, PlainReceiveSession>();
  const naming = new WaitingRoom();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    if (!host.door.admits(socket)) {
      socket.destroy();
      return;
    }
    naming.enter(socket);
    const session = new PlainReceiveSession(socket, host, {
      onNamed: () => {
        naming.leave(socket);
        const others = [...sessions.values()].filter((s) => s.asking && s !== session);
        if (others.length >= MAX_OFFERS_HELD)
          firstToGo(others, (s) => s.address)?.decline('PEER_BUSY');
      },
      onEnd: () => sessions.delete(session.transferId),
    });
    sessions.set(session.transferId, session);
  });
  const bound = await bind(server, listen);
  return {
    bound: () => Promise.resolve(bound),
    rename: () => undefined, // nothing in the bare exchange tells a name
    accept: (transferId, acceptance) => sessions.get(transferId)?.accept(acceptance),
    plan: () => Promise.resolve(), // it tells neither size nor time: there is nothing to plan with
    decline: (transferId, code) => sessions.get(transferId)?.decline(code),
    pause: () => undefined, // nor has it words for this
    resume: () => undefined,
    cancel: (transferId) => Promise.resolve(sessions.get(transferId)?.cancel()),
    stop: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      naming.close();
      for (const session of sessions.values()) session.interrupt();
      await closed;
    },
  };
}

interface SessionEvents {
  readonly onNamed: () => void;
  readonly onEnd: () => void;
}

class PlainReceiveSession {
  readonly transferId = randomBytes(16).toString('hex') as TransferId;
  readonly #socket: Socket;
  readonly #host: ReceiveSystem;
  readonly #events: SessionEvents;
  readonly address: string;
  #state: PlainReceiverState;
  #saved = '';
  #file: PlainFile | null = null;
  #savedAs: string | null = null;
  #offered = false;
  #failure: unknown = null;
  #stopTimer: () => void = () => undefined;

  constructor(socket: Socket, host: ReceiveSystem, events: SessionEvents) {
    this.#socket = socket;
    this.#host = host;
    this.#events = events;
    this.address = remoteAddress(socket);
    this.#state = createPlainReceiver(namePlatform, host.clock.nowMs());
    socket.on('data', (bytes: Buffer) => {
      this.#step({ kind: 'bytes', bytes, nowMs: host.clock.nowMs() });
    });
    socket.on('end', () => {
      this.#findOutHowItEnded();
    });
    socket.on('error', (error) => {
      this.#step({ kind: 'closed', code: wireError(error).code });
    });
    socket.on('close', () => {
      this.#step({ kind: 'closed', code: 'PEER_GONE' });
    });
    this.#setTimer();
  }

  get asking(): boolean {
    return this.#state.phase === 'asking';
  }

  accept(acceptance: Acceptance): void {
    if (this.#state.phase !== 'asking') return;
    try {
      const { fs, shelf } = this.#host;
      this.#saved = nameIn(fs, acceptance.directory, this.#saved);
      const header = this.#header(acceptance);
      this.#file = new PlainFile(fs, shelf.pathOf(this.transferId), header, this.#saved);
    } catch (error) {
      this.#fail(error);
      return;
    }
    const { reporter, clock } = this.#host;
    reporter.emit({ kind: 'started', transferId: this.transferId, keptBytes: 0 });
    reporter.watch(this.transferId, () => ({
      bytes: this.#file?.bytes ?? 0,
      files: 0,
      limitedBy: null,
      paused: null,
    }));
    this.#step({ kind: 'accept', nowMs: clock.nowMs() });
  }

  #header({ directory, startedAtMs, existing }: Acceptance): JournalHeader {
    return {
      transferId: this.transferId,
      token: newToken(),
      peer: { id: null, name: '', address: this.address },
      entriesKey: '',
      hash: 'sha256',
      directory,
      items: [{ name: this.#saved, kind: 'file' }],
      itemCount: 1,
      totals: { files: 1, directories: 0, bytes: 0 },
      leftOut: 0,
      skip: [],
      startedAtMs,
      existing,
      merged: [],
    };
  }

  decline(code: ErrorCode): void {
    this.#step({ kind: 'decline', code });
  }

  /** What has its name already is told so, here and where this side stops. */
  cancel(): void {
    if (this.#file?.giveUp() !== false) this.#step({ kind: 'cancel' });
  }

  interrupt(): void {
    if (this.#file?.giveUp() !== false) this.#step({ kind: 'fault', code: 'INTERRUPTED' });
  }

  /**
   * A reset that comes while data is still to be read looks like an orderly end (libuv takes the hang-up
   * for one). Only a write fails then, and one of nothing puts nothing on the wire.
   */
  #findOutHowItEnded(): void {
    this.#socket.write(NOTHING, (error) => {
      if (error) this.#step({ kind: 'closed', code: wireError(error).code });
      else this.#step({ kind: 'peerEnded' });
    });
  }

  #step(input: PlainReceiverInput): void {
    const step = stepPlainReceiver(this.#state, input);
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
    this.#setTimer();
  }

  #perform(effect: PlainReceiverEffect): void {
    switch (effect.kind) {
      case 'ask':
        this.#saved = effect.saved;
        this.#ask();
        break;
      case 'write':
        this.#socket.write(effect.bytes);
        break;
      case 'content':
        try {
          this.#file?.write(effect.bytes);
        } catch (error) {
          this.#fail(error);
        }
        break;
      case 'publish':
        void this.#publish();
        break;
      case 'end':
        this.#end(effect);
        break;
    }
  }

  #ask(): void {
    this.#events.onNamed();
    this.#offered = true;
    this.#host.reporter.emit({
      kind: 'offered',
      transferId: this.transferId,
      mode: 'plain',
      peer: { id: null, name: '', address: this.address },
      items: [{ name: this.#saved, kind: 'file' }],
      itemCount: 1,
      totals: { files: 1, directories: 0, bytes: 0 },
      leftOutCount: 0,
    });
  }

  async #publish(): Promise<void> {
    this.#host.reporter.emit({ kind: 'finishing', transferId: this.transferId });
    try {
      this.#savedAs = (await this.#file?.publish()) ?? null;
      this.#step({ kind: 'published' });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#step({ kind: 'fault', code: toFailure(error).code });
  }

  #end({ outcome, wire }: PlainEnd): void {
    this.#stopTimer();
    if (wire === 'reset') resetSocket(this.#socket);
    else {
      this.#socket.end();
      this.#socket.resume();
      this.#socket.destroySoon();
    }
    if (outcome.kind !== 'done') this.#file?.discard();
    this.#events.onEnd();
    this.#host.reporter.forget(this.transferId);
    if (!this.#offered) return;
    const failed = outcome.kind === 'failed' && this.#failure !== null;
    this.#host.reporter.emit({
      kind: 'ended',
      transferId: this.transferId,
      outcome:
        outcome.kind === 'done'
          ? this.#delivered()
          : failed
            ? { kind: 'failed', failure: toFailure(this.#failure) }
            : outcome,
    });
  }

  /** Nobody can say more of it than that the stream has ended. */
  #delivered(): WorkerOutcome {
    const bytes = this.#file?.bytes ?? 0;
    return {
      kind: 'delivered',
      hash: null,
      verified: false,
      files: 1,
      bytes,
      sentBytes: bytes,
      failed: NO_PROBLEMS,
      savedAs: this.#savedAs,
    };
  }

  #setTimer(): void {
    this.#stopTimer();
    const deadlineMs = plainReceiverDeadlineMs(this.#state);
    if (deadlineMs === null) return;
    const { clock } = this.#host;
    this.#stopTimer = clock.after(Math.max(0, deadlineMs - clock.nowMs()), () => {
      this.#step({ kind: 'tick', nowMs: clock.nowMs() });
    });
  }
}
