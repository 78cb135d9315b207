import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { DroplineError } from '../../shared/errors.ts';
import type { Speech } from '../../shared/text/speech.ts';
import type { Access } from './access.ts';
import { createAccess } from './access.ts';
import { isOwnCaller } from './callers.ts';
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
  /** Other users of this computer may open the link too. */
  readonly otherUsers: boolean;
  /** Monotonic; absent: the system's. */
  readonly nowMs?: () => number;
  /** The language of the pages that are shown in place of the window. */
  readonly speech: () => Speech;
  /** A page of ours has connected. `origin` is where it was loaded from. */
  readonly onPage: (socket: WebSocket, origin: string) => void;
}

export interface Server {
  /** Opens the window once, in one browser. */
  readonly url: string;
  /** The same, for a command line that other users of this computer can read: for a minute. */
  readonly openerUrl: string;
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
  const access = createAccess(port, options.nowMs ?? (() => performance.now()));
  const { speech } = options;
  const isOwn = callers(options.otherUsers);
  const door: Door = { site, guard: createGuard(port), access, isOwn, speech };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  http.on('request', (request, response) => {
    void replyTo(door, request).then((reply) => send(response, reply));
  });
  // Asked at once: of a caller that has gone the system tells nothing any more.
  http.on('connection', (connection) => void door.isOwn(connection));
  http.on('upgrade', (request, connection, head) => {
    connection.on('error', () => connection.destroy());
    void door.isOwn(request.socket).then((isOwn) => {
      const mayEnter = isOwn && sockets.clients.size < MAX_PAGES;
      const origin = mayEnter ? pageOrigin(door, request) : null;
      if (origin === null) refuseUpgrade(connection);
      else sockets.handleUpgrade(request, connection, head, (ws) => options.onPage(ws, origin));
    });
  });
  const link = (token: string): string => `http://127.0.0.1:${port}/?token=${token}`;
  return {
    url: link(access.token),
    openerUrl: link(access.openerToken),
    stop: async () => {
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

interface Door {
  readonly site: ReadonlyMap<string, SiteFile>;
  readonly guard: Guard;
  readonly access: Access;
  /** Whether the program of a person who may use the console has connected. */
  readonly isOwn: (connection: Socket) => Promise<boolean>;
  readonly speech: () => Speech;
}

/** Each connection is looked up once. */
function callers(otherUsers: boolean): Door['isOwn'] {
  const known = new WeakMap<Socket, Promise<boolean>>();
  return (connection) => {
    const found = known.get(connection) ?? (otherUsers ? ANYBODY : isOwnCaller(connection));
    known.set(connection, found);
    return found;
  };
}

const ANYBODY = Promise.resolve(true);

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

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const NOT_FOUND: Reply = { status: 404 };
/** What was refused gets no second try on its connection, and no body of its is read. */
const CLOSING = { connection: 'close' };
const FORBIDDEN: Reply = { status: 403, headers: CLOSING };

async function replyTo(door: Door, request: IncomingMessage): Promise<Reply> {
  const { method, url, headers } = request;
  if (!door.guard.isOurHost(headers)) return FORBIDDEN;
  if (method !== 'GET') return { status: 405, headers: { allow: 'GET', ...CLOSING } };
  const [path = '', query = ''] = (url ?? '').split('?', 2);
  // A person who opened the address is told what to do.
  const refused = (why: Parameters<typeof refusalPage>[0]): Reply =>
    path === '/'
      ? { status: 403, headers: { ...HTML, ...CLOSING }, body: refusalPage(why, door.speech()) }
      : FORBIDDEN;
  if (!(await door.isOwn(request.socket))) return refused('stranger');
  const token = path === '/' ? new URLSearchParams(query).get('token') : null;
  const isOwnOrTyped = door.guard.isOwnOrTyped(headers);
  if (isOwnOrTyped && door.access.isKnown(headers.cookie)) {
    // The link once more in its own browser.
    return token === null ? fileReply(door, path) : { status: 303, headers: { location: '/' } };
  }
  if (token === null || !door.guard.isOpened(headers)) return refused('unknown');
  const exchange = door.access.exchange(token);
  return exchange.isIn ? letIn(door, exchange.cookie, isOwnOrTyped) : refused(exchange.why);
}

function letIn({ speech }: Door, cookie: string, isOwnOrTyped: boolean): Reply {
  const headers = { 'set-cookie': cookie };
  return isOwnOrTyped
    ? { status: 303, headers: { location: '/', ...headers } }
    : { status: 200, headers: { ...HTML, ...headers }, body: onwardPage(speech()) };
}

async function fileReply(door: Door, path: string): Promise<Reply> {
  const file = door.site.get(path);
  if (file === undefined) return NOT_FOUND;
  const renewal = path === '/' ? { 'set-cookie': door.access.renewal() } : {};
  try {
    const body = await readFile(file.path);
    return { status: 200, headers: { 'content-type': file.mimeType, ...renewal }, body };
  } catch {
    // The window was built anew or removed meanwhile.
    return NOT_FOUND;
  }
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: Reply): void {
  const length = { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...SECURITY_HEADERS, ...length, ...headers });
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
