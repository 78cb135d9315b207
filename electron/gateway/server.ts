import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { DroplineError } from '../../shared/errors.ts';
import type { Access } from './access.ts';
import { createAccess } from './access.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { onwardPage, refusalPage } from './plain-page.ts';
import type { Guard } from './request-guard.ts';
import { createGuard } from './request-guard.ts';
import type { SiteFile } from './site.ts';
import { listSite } from './site.ts';

/** A person has a few windows open; a browser uses six connections for each at most. */
const MAX_CONNECTIONS = 128;
const MAX_PAGES = 16;
/** Room for the cookies of some consoles that have ended. */
const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 5_000;
/** A command or the names of what was dropped: never file content. */
const MAX_MESSAGE_BYTES = 256 * 1024;
const SOCKET_PATH = '/console';

export interface ServerOptions {
  /** The built window, as a file: URL with a slash at its end. */
  readonly directory: URL;
  /** 0: any free one. */
  readonly port: number;
  /** A page of ours has connected. `origin` is where it was loaded from. */
  readonly onPage: (socket: WebSocket, origin: string) => void;
}

export interface Server {
  /** Opens the window once, in one browser. */
  readonly url: string;
  /** Closes every connection and gives the port back. */
  stop(): Promise<void>;
}

/** Serves the window on this computer's loopback. Throws PATH_NOT_FOUND, PORT_IN_USE, NO_PERMISSION. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const site = await listSite(options.directory);
  const http = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  http.maxConnections = MAX_CONNECTIONS;
  const port = await listen(http, options.port);
  const door: Door = { site, guard: createGuard(port), access: createAccess(port) };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  http.on('request', (request, response) => {
    void answer(door, request, response);
  });
  http.on('upgrade', (request, connection, head) => {
    connection.on('error', () => connection.destroy());
    const origin = sockets.clients.size < MAX_PAGES ? pageOrigin(door, request) : null;
    if (origin === null) refuseUpgrade(connection);
    else sockets.handleUpgrade(request, connection, head, (ws) => options.onPage(ws, origin));
  });
  return {
    url: `http://127.0.0.1:${port}/?token=${door.access.token}`,
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate();
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}

interface Door {
  readonly site: ReadonlyMap<string, SiteFile>;
  readonly guard: Guard;
  readonly access: Access;
}

function listen(http: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EACCES' ? 'NO_PERMISSION' : 'PORT_IN_USE';
      reject(new DroplineError(code, { port }, { cause: error }));
    });
    http.listen(port, '127.0.0.1', () => {
      resolve((http.address() as AddressInfo).port);
    });
  });
}

async function answer(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { headers, method } = request;
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const token = path === '/' ? new URLSearchParams(query).get('token') : null;
  if (!door.guard.isOurHost(headers)) return end(response, 403);
  if (method !== 'GET') return end(response, 405, { allow: 'GET' });
  const isKnown = door.access.isKnown(headers.cookie);
  if (token !== null) return exchange(door, request, response, token);
  if (!door.guard.isOwnOrTyped(headers) || !isKnown) return refuse(response, path);
  const file = door.site.get(path);
  if (file === undefined) return end(response, 404);
  try {
    const content = await readFile(file.path);
    const renewal = path === '/' ? { 'set-cookie': door.access.renewal() } : {};
    end(response, 200, { 'content-type': file.mimeType, ...renewal }, content);
  } catch {
    // The window was built anew or removed meanwhile.
    end(response, 404);
  }
}

/** The link is opened: by its own browser once more, which may go on, or for the first time. */
function exchange(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
): void {
  const isOwnOrTyped = door.guard.isOwnOrTyped(request.headers);
  const cookie = door.access.exchange(token);
  if (cookie === null) {
    if (!isOwnOrTyped || !door.access.isKnown(request.headers.cookie)) return refuse(response, '/');
    return end(response, 303, { location: '/' });
  }
  if (isOwnOrTyped) return end(response, 303, { location: '/', 'set-cookie': cookie });
  end(response, 200, { 'content-type': HTML, 'set-cookie': cookie }, onwardPage());
}

const HTML = 'text/html; charset=utf-8';

/** A person who opened the address sees words; whatever else asked sees that it may not. */
function refuse(response: ServerResponse, path: string): void {
  if (path === '/') end(response, 403, { 'content-type': HTML }, refusalPage());
  else end(response, 403);
}

function end(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): void {
  // What was refused gets no second try on its connection, and no body of its is read.
  const isRefused = status >= 400 && status !== 404;
  const connection = isRefused ? { connection: 'close' } : {};
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-length': Buffer.byteLength(body),
    ...connection,
    ...headers,
  });
  response.end(body);
}

/** The origin of the page that asks for a WebSocket, if it is ours and in the session's browser. */
function pageOrigin(door: Door, request: IncomingMessage): string | null {
  if (request.method !== 'GET' || request.url !== SOCKET_PATH) return null;
  return door.access.isKnown(request.headers.cookie)
    ? door.guard.pageOrigin(request.headers)
    : null;
}

function refuseUpgrade(connection: Duplex): void {
  connection.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
    connection.destroy(),
  );
}
