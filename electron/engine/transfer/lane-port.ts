import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import { DroplineError } from '../../../shared/errors.ts';
import type { LaneMessage } from '../../../shared/protocol/lane-messages.ts';
import {
  FIRST_FRAME_TIMEOUT_MS,
  HANDSHAKE_TIMEOUT_MS,
  LANE_TOKEN_BYTES,
  LANE_TOKEN_MS,
  MAX_LANES_WAITING,
  MIN_LANE_PORT,
} from '../../../shared/protocol/limits.ts';
import type { Identity } from './authentication.ts';
import { authenticate, tlsOptions } from './authentication.ts';
import { Connection } from './connection.ts';
import { LANE } from './dialects.ts';
import { WaitingRoom, bind } from './listener.ts';
import type { Clock } from './ports.ts';
import { remoteAddress } from './remote-address.ts';

export interface LanePortOptions {
  readonly identity: Identity;
  readonly clock: Clock;
  /** Lanes are for its peer alone, at the address where it is and on the one where it reaches us. */
  readonly session: Pick<Connection, 'peerId' | 'address' | 'localAddress'>;
}

export interface LaneCallers {
  readonly onJoined: (lane: Connection<LaneMessage>) => void;
  /** Nobody came with a token that was given: its time is over. */
  readonly onExpired: () => void;
}

export interface LanePort {
  readonly port: number;
  /** A new token, good for one lane and for a while. */
  offer(): string;
  /** Resolves when nothing of it is open. Lanes that joined are their owner's to end. */
  stop(): Promise<void>;
}

export type OpenLanePort = (callers: LaneCallers) => Promise<LanePort>;

export function lanePortFor(
  session: LanePortOptions['session'],
  identity: Identity,
  clock: Clock,
): OpenLanePort {
  return (callers) => openLanePort({ identity, clock, session }, callers);
}

/** Opens a port for the lanes of one session (PROTOCOL.md §14.2). Rejects where none can be had. */
export async function openLanePort(
  options: LanePortOptions,
  callers: LaneCallers,
): Promise<LanePort> {
  const { localAddress: host } = options.session;
  // a session that is gone has none, and would stand for every address of this computer
  if (host === '') throw new DroplineError('PEER_GONE');
  const server = createServer({
    ...tlsOptions(options.identity, LANE.alpn),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    noDelay: true,
  });
  const port = new TokenPort(server, options, callers);
  port.port = (await bind(server, { mode: 'tls', host, port: 0, otherPortIfTaken: false })).port;
  if (port.port >= MIN_LANE_PORT) return port;
  await port.stop();
  throw new DroplineError('PORT_IN_USE', { port: port.port });
}

class TokenPort implements LanePort {
  port = 0;
  readonly #server: Server;
  readonly #options: LanePortOptions;
  readonly #callers: LaneCallers;
  readonly #strangers = new WaitingRoom();
  /** Those that have not shown a token, the oldest first, and how to stop waiting for it. */
  readonly #waiting = new Map<Connection<LaneMessage>, () => void>();
  /** Each with the end of its time. */
  readonly #tokens = new Map<string, () => void>();
  #isStopped = false;

  constructor(server: Server, options: LanePortOptions, callers: LaneCallers) {
    this.#server = server;
    this.#options = options;
    this.#callers = callers;
    server.on('connection', (socket: Socket) => {
      if (remoteAddress(socket) === options.session.address) this.#strangers.enter(socket);
      else socket.destroy();
    });
    server.on('tlsClientError', (_error, socket) => {
      socket.destroy();
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      const below = this.#strangers.leave(socket);
      try {
        this.#meet(socket, below);
      } catch {
        socket.on('error', () => undefined); // nobody who was asked to come: there is no one to tell
        socket.destroy();
      }
    });
  }

  offer(): string {
    const token = randomBytes(LANE_TOKEN_BYTES).toString('hex');
    const stop = this.#options.clock.after(LANE_TOKEN_MS, () => {
      this.#tokens.delete(token);
      this.#callers.onExpired();
    });
    this.#tokens.set(token, stop);
    return token;
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    for (const stopTimer of this.#tokens.values()) stopTimer();
    this.#tokens.clear();
    for (const connection of [...this.#waiting.keys()]) this.#drop(connection);
    this.#strangers.close();
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  /** Throws where it is not the peer of the session. */
  #meet(socket: TLSSocket, below: Socket | undefined): void {
    const { identity, clock, session } = this.#options;
    const peerId = authenticate(socket, identity.peerId, LANE.alpn);
    if (peerId !== session.peerId || this.#isStopped)
      throw new Error('not the peer of the session');
    const connection = new Connection(socket, peerId, clock, LANE, below && { below });
    const [oldest] = this.#waiting.keys();
    if (oldest && this.#waiting.size >= MAX_LANES_WAITING) this.#drop(oldest);
    const stopTimer = clock.after(FIRST_FRAME_TIMEOUT_MS, () => this.#drop(connection));
    this.#waiting.set(connection, stopTimer);
    connection.open({
      isMute: true,
      onMessage: (message) => this.#judge(connection, message),
      onData: () => this.#drop(connection),
      onClosed: () => this.#drop(connection),
    });
  }

  /** A token counts once; whoever has none hears nothing. */
  #judge(connection: Connection<LaneMessage>, message: LaneMessage): void {
    const stopToken = message.type === 'join' ? this.#tokens.get(message.token) : undefined;
    if (message.type !== 'join' || !stopToken) {
      this.#drop(connection);
      return;
    }
    this.#tokens.delete(message.token);
    stopToken();
    this.#waiting.get(connection)?.();
    this.#waiting.delete(connection);
    this.#callers.onJoined(connection);
  }

  #drop(connection: Connection<LaneMessage>): void {
    this.#waiting.get(connection)?.();
    this.#waiting.delete(connection);
    connection.destroy();
  }
}
