import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_UNAUTHENTICATED,
  MAX_UNAUTHENTICATED_PER_ADDRESS,
} from '../../../shared/protocol/limits.ts';
import type { PairingMessage } from '../../../shared/protocol/pairing-messages.ts';
import type { Identity } from './authentication.ts';
import { authenticate, tlsOptions } from './authentication.ts';
import { Connection } from './connection.ts';
import { firstToGo, networkOf } from './crowd.ts';
import { PAIRING, TRANSFER } from './dialects.ts';
import type { Door } from './door.ts';
import type { Clock } from './ports.ts';
import { remoteAddress } from './remote-address.ts';
import { errnoOf, listenError } from './system-errors.ts';
import type { Bound, ListenOptions } from './worker-messages.ts';

/** How long a peer may take to hear that this side stops. */
export const HANG_UP_MS = 1_000;

export interface Listening extends Bound {
  /** Takes no newcomers any more; who has come in stays. `onGone`: all of them have left. */
  leave(onGone: () => void): void;
  stop(): Promise<void>;
}

/** Whoever has shown who they are, by what they came for. */
export interface Callers {
  onTransfer(connection: Connection): void;
  onPairing(connection: Connection<PairingMessage>): void;
}

const ALPN = [...TRANSFER.alpn, ...PAIRING.alpn];

/** Opens the TLS port. Throws PORT_IN_USE, NO_PERMISSION, ADDRESS_UNAVAILABLE. */
export async function listenTls(
  listen: ListenOptions,
  identity: Identity,
  { clock, door }: { readonly clock: Clock; readonly door: Pick<Door, 'admits'> },
  callers: Callers,
): Promise<Listening> {
  const waiting = new WaitingRoom();
  const server = createServer({
    ...tlsOptions(identity, ALPN),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    noDelay: true,
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    if (!door.admits(socket)) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    waiting.enter(socket);
  });
  server.on('tlsClientError', (_error, socket) => {
    socket.destroy();
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    waiting.leave(socket);
    try {
      const peerId = authenticate(socket, identity.peerId, ALPN);
      if (PAIRING.alpn.includes(socket.alpnProtocol || '')) {
        callers.onPairing(new Connection(socket, peerId, clock, PAIRING));
      } else callers.onTransfer(new Connection(socket, peerId, clock, TRANSFER));
    } catch {
      socket.on('error', () => undefined); // nobody we talk to: there is no one to tell
      socket.destroy();
    }
  });
  const bound = await bind(server, listen);
  return {
    ...bound,
    leave: (onGone) => {
      waiting.close();
      server.close(onGone);
    },
    stop: () => {
      waiting.close();
      return stopServer(server, clock, sockets);
    },
  };
}

/** Binds as asked: all interfaces where no host is given, another port where that is allowed. */
export async function bind(
  server: Server,
  listen: ListenOptions,
): Promise<{ host: string; port: number }> {
  const ports = listen.otherPortIfTaken && listen.port !== 0 ? [listen.port, 0] : [listen.port];
  const hosts = listen.host === null ? ['::', '0.0.0.0'] : [listen.host];
  let last: unknown = null;
  for (const port of ports) {
    for (const host of hosts) {
      try {
        return await bindOnce(server, host, port);
      } catch (error) {
        last = error;
        if (errnoOf(error) === 'EADDRINUSE') break;
      }
    }
  }
  throw listenError(last, listen.host ?? '', listen.port);
}

function bindOnce(
  server: Server,
  host: string,
  port: number,
): Promise<{ host: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener('error', reject);
      server.on('error', () => undefined); // accept() failing for want of descriptors: the next may work
      const bound = server.address() as AddressInfo;
      resolve({ host: bound.address, port: bound.port });
    });
  });
}

/** Takes no newcomers, lets what was said last arrive, and then hangs up. */
function stopServer(server: Server, clock: Clock, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    const stopTimer = clock.after(HANG_UP_MS, () => {
      for (const socket of sockets) socket.destroy();
    });
    server.close(() => {
      stopTimer();
      resolve();
    });
  });
}

/**
 * Connections that have not shown who they are. A newcomer is never turned away: at the limit the oldest
 * of the address that has most of them goes.
 */
export class WaitingRoom {
  /** The oldest first. */
  readonly #waiting = new Map<Socket, Place>();

  enter(socket: Socket): void {
    const place = placeOf(socket);
    const { network } = place;
    const near = [...this.#waiting].filter(([, other]) => other.network === network);
    if (near.length >= MAX_UNAUTHENTICATED_PER_ADDRESS) this.#drop(near[0]);
    if (this.#waiting.size >= MAX_UNAUTHENTICATED) {
      this.#drop(firstToGo(this.#waiting, ([, other]) => other.network));
    }
    this.#waiting.set(socket, place);
    socket.once('close', () => this.#waiting.delete(socket));
  }

  /**
   * It has: a TLS socket stands for the one that came in, which carries the same ports, and is answered where
   * it waited.
   */
  leave(socket: Socket): Socket | undefined {
    const { end } = placeOf(socket);
    for (const [waiting, other] of this.#waiting) {
      if (other.end !== end) continue;
      this.#waiting.delete(waiting);
      return waiting;
    }
    return undefined;
  }

  close(): void {
    for (const socket of this.#waiting.keys()) socket.destroy();
    this.#waiting.clear();
  }

  #drop(entry: readonly [Socket, Place] | undefined): void {
    if (!entry) return;
    this.#waiting.delete(entry[0]);
    entry[0].destroy();
  }
}

/** Where a connection comes from: its address and port, and what counts as one address. */
interface Place {
  readonly end: string;
  readonly network: string;
}

function placeOf(socket: Socket): Place {
  const address = remoteAddress(socket);
  return { end: `${address} ${socket.remotePort ?? ''}`, network: networkOf(address) };
}
