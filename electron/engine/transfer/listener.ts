import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_UNAUTHENTICATED,
  MAX_UNAUTHENTICATED_PER_ADDRESS,
} from '../../../shared/protocol/limits.ts';
import type { Identity } from './connection.ts';
import { Connection, authenticate, tlsOptions } from './connection.ts';
import type { Clock } from './ports.ts';
import { errnoOf, listenError } from './system-errors.ts';
import type { ListenOptions } from './worker-messages.ts';

/** How long a peer may take to hear that this side stops. */
export const HANG_UP_MS = 1_000;

export interface Listening {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Opens the TLS port. Throws PORT_IN_USE, NO_PERMISSION, ADDRESS_UNAVAILABLE. */
export async function listenTls(
  listen: ListenOptions,
  identity: Identity,
  clock: Clock,
  onConnection: (connection: Connection) => void,
): Promise<Listening> {
  const waiting = new WaitingRoom();
  const server = createServer({
    ...tlsOptions(identity),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    noDelay: true,
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
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
      onConnection(new Connection(socket, authenticate(socket, identity.peerId), clock));
    } catch {
      socket.on('error', () => undefined); // nobody we talk to: there is no one to tell
      socket.destroy();
    }
  });
  const bound = await bind(server, listen);
  return {
    ...bound,
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
  readonly #sockets = new Map<string, Socket>();
  #arrivals = 0;

  enter(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const mine = this.#of(address);
    if (mine.length >= MAX_UNAUTHENTICATED_PER_ADDRESS) this.#drop(mine[0]);
    if (this.#sockets.size >= MAX_UNAUTHENTICATED) this.#drop(this.#busiest()[0]);
    const key = `${address} ${this.#arrivals++}`;
    this.#sockets.set(key, socket);
    socket.once('close', () => this.#sockets.delete(key));
  }

  /** It has: a TLS socket stands for the one that came in, which carries the same ports. */
  leave(socket: Socket): void {
    for (const [key, waiting] of this.#sockets) {
      const same =
        waiting.remotePort === socket.remotePort && waiting.remoteAddress === socket.remoteAddress;
      if (same) this.#sockets.delete(key);
    }
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
    this.#sockets.clear();
  }

  #of(address: string): [string, Socket][] {
    return [...this.#sockets].filter(([, socket]) => socket.remoteAddress === address);
  }

  #busiest(): [string, Socket][] {
    const counts = new Map<string, number>();
    for (const socket of this.#sockets.values()) {
      const address = socket.remoteAddress ?? '';
      counts.set(address, (counts.get(address) ?? 0) + 1);
    }
    const [busiest] = [...counts].sort((a, b) => b[1] - a[1]);
    return busiest ? this.#of(busiest[0]) : [];
  }

  #drop(entry: [string, Socket] | undefined): void {
    if (!entry) return;
    this.#sockets.delete(entry[0]);
    entry[1].destroy();
  }
}
