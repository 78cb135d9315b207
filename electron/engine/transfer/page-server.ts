import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { PageTicket } from '../../../shared/contract.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { PageSource } from './page-source.ts';
import { SocketPageSource, parsePageMessage } from './page-source.ts';
import { PageTickets } from './page-tickets.ts';
import type { Clock } from './ports.ts';
import { realClock } from './ports.ts';

/** From the upgrade to the ticket. */
export const PAGE_TICKET_TIMEOUT_MS = 5_000;
/** One for each drop that is still open in some page. */
const MAX_SOCKETS = 64;
const MAX_CONNECTIONS = 128;
const HEADERS_TIMEOUT_MS = 5_000;
/** A page of entries at most; an answer with bytes is smaller. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const KEY_BYTES = 16;

/** Where pages serve what was dropped on them. */
export interface PageServer {
  /** Lets one page of this origin in, once. The key names its source from now on. */
  createTicket(origin: string): PageTicket & { readonly selectionKey: string };
  /** null: there never was one, or its page is gone. */
  source(selectionKey: string): PageSource | null;
  /** Closes every source and gives the port back. */
  close(): Promise<void>;
}

/** Listens on a free port of this computer's loopback. Throws ADDRESS_UNAVAILABLE. */
export async function openPageServer(clock: Clock = realClock): Promise<PageServer> {
  const http = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: HEADERS_TIMEOUT_MS,
  });
  http.maxConnections = MAX_CONNECTIONS;
  const host = await listen(http);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const sources = new Map<string, SocketPageSource>();
  const tickets = new PageTickets<SocketPageSource>(clock, (source) => source.close());
  http.on('request', (_request, response) => {
    response.writeHead(404, { connection: 'close' }).end();
  });
  http.on('upgrade', (request, connection, head) => {
    connection.on('error', () => connection.destroy());
    const { origin } = request.headers;
    const isFull = sockets.clients.size >= MAX_SOCKETS;
    if (isFull || origin === undefined || !isExpected(request, host, tickets)) {
      refuseUpgrade(connection);
      return;
    }
    sockets.handleUpgrade(request, connection, head, (socket) => {
      admit(socket, clock, (ticket) => tickets.redeem(ticket, origin));
    });
  });
  return {
    createTicket: (origin) => {
      const selectionKey = randomBytes(KEY_BYTES).toString('hex');
      const source = new SocketPageSource(clock, () => sources.delete(selectionKey));
      sources.set(selectionKey, source);
      return { selectionKey, ticket: tickets.create(origin, source), url: `ws://${host}/` };
    },
    source: (selectionKey) => sources.get(selectionKey) ?? null,
    close: async () => {
      tickets.close();
      for (const source of sources.values()) source.close();
      const closed = [...sockets.clients].map(
        (socket) => new Promise((resolve) => socket.once('close', resolve)),
      );
      for (const socket of sockets.clients) socket.terminate();
      const freed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await Promise.all([freed, ...closed]);
    },
  };
}

function listen(http: ReturnType<typeof createServer>): Promise<string> {
  return new Promise((resolve, reject) => {
    http.on('error', (error) => {
      reject(new DroplineError('ADDRESS_UNAVAILABLE', { address: '127.0.0.1' }, { cause: error }));
    });
    http.listen(0, '127.0.0.1', () => {
      resolve(`127.0.0.1:${(http.address() as AddressInfo).port}`);
    });
  });
}

/** A name that was re-pointed here (DNS rebinding) shows in Host, any other page in Origin. */
function isExpected(
  { method, headers }: IncomingMessage,
  host: string,
  tickets: PageTickets<SocketPageSource>,
): boolean {
  return method === 'GET' && headers.host === host && tickets.expects(headers.origin);
}

/** The first thing that a page says must be its ticket, and soon. */
function admit(
  socket: WebSocket,
  clock: Clock,
  redeem: (ticket: string) => SocketPageSource | null,
): void {
  const stopTimer = clock.after(PAGE_TICKET_TIMEOUT_MS, () => socket.terminate());
  // The close that follows says all that there is to know.
  socket.on('error', () => socket.terminate());
  socket.on('close', stopTimer);
  socket.once('message', (data, isBinary) => {
    stopTimer();
    const message = isBinary || !Buffer.isBuffer(data) ? null : parsePageMessage(data);
    const source = message?.kind === 'ticket' ? redeem(message.ticket) : null;
    if (source === null) socket.terminate();
    else source.attach(socket);
  });
}

function refuseUpgrade(connection: Duplex): void {
  connection.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
    connection.destroy(),
  );
}
