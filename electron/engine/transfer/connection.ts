import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import { FRAME_TYPES, encodeFrame } from '../../../shared/protocol/frame.ts';
import type { FrameSink } from '../../../shared/protocol/frame.ts';
import { DEAD_AFTER_MS, EXPORTED_BYTES, HEARTBEAT_MS } from '../../../shared/protocol/limits.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import { encodeMessage } from '../../../shared/protocol/messages.ts';
import { certificateOf, spkiOf } from './authentication.ts';
import type { ConnectionHandlers, ConnectionOptions } from './connection-options.ts';
import type { Dialect } from './dialects.ts';
import type { Clock } from './ports.ts';
import { hasMovedFrom } from './own-addresses.ts';
import { remoteAddress } from './remote-address.ts';
import { resetSocket } from './reset-socket.ts';
import { wireError } from './system-errors.ts';
import { TurnReader } from './turn-reader.ts';
import { WriteQueue } from './write-queue.ts';

export type { ConnectionHandlers } from './connection-options.ts';

/** A heartbeat is sent at the next tick, and takes its time on the way. */
const LATE_MS = 1_500;

/** An authenticated wire that carries frames, keeps itself alive and notices a dead peer. */
export class Connection<M = Message> {
  readonly peerId: PeerId;
  readonly address: string;
  readonly #socket: TLSSocket;
  readonly #below: Socket | null;
  readonly #clock: Clock;
  readonly #dialect: Dialect<M>;
  readonly #reader: TurnReader;
  readonly #writes: WriteQueue;
  readonly #stopTicking: () => void;
  #handlers: ConnectionHandlers<M> | null = null;
  readonly #hasMovedFrom: (address: string) => boolean;
  #closed = false;
  #lastHeardMs: number;
  #lastSentMs: number;
  #lastTickMs: number;
  /**
   * The socket is gone: what was to be said has been said, or never will be. true: the other side hung up
   * in order; after a last word of ours it has heard that.
   */
  readonly gone: Promise<boolean>;

  constructor(
    socket: TLSSocket,
    peerId: PeerId,
    clock: Clock,
    dialect: Dialect<M>,
    { hasMoved = hasMovedFrom, feed, below }: ConnectionOptions = {},
  ) {
    this.#hasMovedFrom = hasMoved;
    this.peerId = peerId;
    this.address = remoteAddress(socket);
    this.#socket = socket;
    this.#writes = new WriteQueue(socket);
    this.#below = below ?? null;
    this.#clock = clock;
    this.#dialect = dialect;
    this.#lastHeardMs = this.#lastSentMs = this.#lastTickMs = clock.nowMs();
    const onBroken = (): void => this.#finish('PROTOCOL_VIOLATION');
    this.#reader = new TurnReader(socket, this.#sink(), onBroken, feed !== undefined);
    socket.setNoDelay(true);
    const take = (chunk: Uint8Array): void => {
      this.#lastHeardMs = clock.nowMs();
      this.#reader.push(chunk);
    };
    if (feed) feed.onChunk = take;
    else socket.on('data', take);
    socket.on('error', (error) => {
      const { code } = wireError(error);
      // who is there is settled: TLS that fails now was falsified or cut on its way
      this.#lost(code === 'NOT_DROPLINE' ? 'PEER_GONE' : code);
    });
    let hasEnded = false;
    socket.on('end', () => {
      hasEnded = true;
      this.#lost('PEER_GONE');
    });
    socket.on('close', () => {
      this.#lost('PEER_GONE');
    });
    this.gone = new Promise((resolve) => {
      socket.once('close', (hadError) => {
        resolve(hasEnded && !hadError);
      });
    });
    socket.pause();
    this.#stopTicking = clock.every(1_000, () => {
      this.#tick();
    });
  }

  /** Bytes handed over and not yet taken by the system. */
  get pendingBytes(): number {
    return this.#writes.pendingBytes;
  }

  /** Even a heartbeat is overdue, and we were listening. */
  get isSilent(): boolean {
    const nowMs = this.#clock.nowMs();
    const slept = nowMs - this.#lastTickMs > HEARTBEAT_MS;
    return !slept && nowMs - this.#lastHeardMs > HEARTBEAT_MS + LATE_MS;
  }

  /** Of this side, as people write it. */
  get localAddress(): string {
    return remoteAddress({ remoteAddress: this.#socket.localAddress });
  }

  /** Nothing is read before this. */
  open(handlers: ConnectionHandlers<M>): void {
    this.#handlers = handlers;
    this.#socket.resume();
  }

  pause(): void {
    this.#reader.pause();
  }

  resume(): void {
    if (!this.#closed) this.#reader.resume();
  }

  /** Gives what has come of a data frame that is not whole: little comes, and what came counts. */
  flushData(): void {
    if (!this.#closed) this.#reader.flushData();
  }

  send(message: M): void {
    this.write(this.#dialect.encode(message));
  }

  /** Bytes that the two ends of this very connection share, and nobody else has. */
  exported(label: string): Uint8Array {
    return this.#socket.exportKeyingMaterial(EXPORTED_BYTES, label, Buffer.alloc(0));
  }

  /** The key that the peer has shown. */
  peerSpki(): Uint8Array {
    const certificate = certificateOf(this.#socket);
    if (!certificate) throw new DroplineError('PEER_GONE');
    return spkiOf(certificate);
  }

  /** Whole frames only. `done` is called when the bytes may be overwritten. */
  write(frames: Uint8Array, done?: () => void): void {
    if (this.#closed) return;
    this.#lastSentMs = this.#clock.nowMs();
    this.#writes.write(frames, done);
  }

  /** Sends what was written, then ends. Nothing is heard any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopTicking();
    this.#reader.stop();
    this.#writes.flush();
    this.#socket.end();
    this.#socket.resume();
    // a peer that never ends its side may not hold the socket
    const stop = this.#clock.after(HEARTBEAT_MS, () => {
      this.#socket.destroy();
    });
    this.#socket.once('close', stop);
  }

  destroy(): void {
    this.#closed = true;
    this.#stopTicking();
    this.#reader.stop();
    if (this.#below) resetSocket(this.#below);
    this.#socket.destroy();
  }

  #sink(): FrameSink {
    return {
      onFrame: (type, payload) => {
        const message = this.#dialect.decode(type, payload);
        if (message) this.#handlers?.onMessage(message);
        else this.#finish('PROTOCOL_VIOLATION');
      },
      onData: (part) => this.#handlers?.onData(part),
    };
  }

  /** What had come before is heard first. */
  #lost(code: ErrorCode): void {
    this.#reader.drain();
    this.#finish(code);
  }

  #finish(code: ErrorCode): void {
    if (this.#closed) return;
    if (code === 'PROTOCOL_VIOLATION' && !this.#handlers?.isMute) {
      this.write(VIOLATION);
      this.close();
    } else this.destroy();
    this.#handlers?.onClosed(code);
  }

  /**
   * This computer moved to another network, or has another address there: nothing that is sent to the old
   * one comes here any more, and TCP tells much later. A cable that is out is not that, where it leaves this
   * computer without any address: TCP outlives it.
   */
  #hasMoved(): boolean {
    const { localAddress } = this.#socket;
    return localAddress !== undefined && this.#hasMovedFrom(localAddress);
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs();
    // this computer slept, or we do not read for now: what the peer sent is still to be heard
    const deaf = nowMs - this.#lastTickMs > HEARTBEAT_MS || this.#socket.isPaused();
    if (deaf) this.#lastHeardMs = nowMs;
    this.#lastTickMs = nowMs;
    if (nowMs - this.#lastHeardMs > DEAD_AFTER_MS) this.#finish('PEER_TIMEOUT');
    else if (this.isSilent && this.#hasMoved()) this.#finish('PEER_GONE');
    else if (nowMs - this.#lastSentMs > HEARTBEAT_MS) this.write(PING);
  }
}

/** The same in every dialect. */
const PING = encodeFrame(FRAME_TYPES.ping, new Uint8Array(0));
const VIOLATION = encodeMessage({ type: 'error', code: 'PROTOCOL_VIOLATION' });
