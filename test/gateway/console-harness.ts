import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import type { ConsoleEvent } from '../../shared/contract.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Console, ConsoleOptions } from '../../electron/gateway/console.ts';
import { startConsole } from '../../electron/gateway/console.ts';
import { FakeEngine } from './fake-engine.ts';

export const PAGE = '<!doctype html><title>Dropline</title>';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A console on a built window of a few files, with a secret file beside it. */
export class ConsoleHarness {
  readonly engine = new FakeEngine();
  readonly console: Console;
  readonly directory: string;
  readonly host: string;
  readonly origin: string;

  private constructor(directory: string, console: Console, engine: FakeEngine) {
    this.directory = directory;
    this.console = console;
    this.engine = engine;
    this.host = new URL(console.url).host;
    this.origin = `http://${this.host}`;
  }

  static async start(
    options: Partial<Pick<ConsoleOptions, 'otherUsers' | 'nowMs'>> = {},
  ): Promise<ConsoleHarness> {
    const directory = await mkdtemp(join(tmpdir(), 'dropline-console-'));
    await mkdir(join(directory, 'renderer', 'assets'), { recursive: true });
    await writeFile(join(directory, 'secret.txt'), 'secret');
    await writeFile(join(directory, 'secret.js'), 'secret');
    await writeFile(join(directory, 'renderer', 'index.html'), PAGE);
    await writeFile(join(directory, 'renderer', 'assets', 'app.js'), 'run()');
    await writeFile(join(directory, 'renderer', 'assets', 'app.css'), 'body {}');
    await writeFile(join(directory, 'renderer', 'assets', 'notes.txt'), 'secret');
    await symlink(join(directory, 'secret.js'), join(directory, 'renderer', 'assets', 'link.js'));
    const engine = new FakeEngine();
    const rendererDirectory = pathToFileURL(join(directory, 'renderer') + '/');
    const console = await startConsole({ engine, rendererDirectory, port: 0, ...options });
    return new ConsoleHarness(directory, console, engine);
  }

  async stop(): Promise<void> {
    await this.console.stop();
    await rm(this.directory, { recursive: true });
  }

  get tokenPath(): string {
    return pathOf(this.console.url);
  }

  /** Of the link that went to the opener. */
  get openerPath(): string {
    return pathOf(this.console.openerUrl);
  }

  /** The path goes out as it stands: nothing here makes it canonical first. */
  async ask(
    path: string,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
  ): Promise<HttpAnswer> {
    const port = Number(new URL(this.origin).port);
    const request = httpRequest({ host: '127.0.0.1', port, path, headers, method });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode!, headers: response.headers, body };
  }

  /** Opens the link as the person's browser does; answers the session's cookie. */
  async enter(): Promise<string> {
    const { headers } = await this.ask(this.tokenPath);
    return headers['set-cookie']![0]!.split(';')[0]!;
  }

  connect(cookie: string, headers: Readonly<Record<string, string>> = {}): ConsoleClient {
    return new ConsoleClient(`ws://${this.host}/console`, {
      cookie,
      origin: this.origin,
      ...headers,
    });
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** The page's end of the console's WebSocket. */
export class ConsoleClient {
  readonly socket: WebSocket;
  readonly events: ConsoleEvent[] = [];
  #wake: (() => void) | null = null;

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => this.#wake?.());
    this.socket.on('message', (data: Buffer) => {
      this.events.push(JSON.parse(data.toString('utf8')) as ConsoleEvent);
      this.#wake?.();
    });
  }

  /** False: it was not let in. */
  async opened(): Promise<boolean> {
    await new Promise((resolve) => {
      this.socket.once('open', resolve);
      this.socket.once('close', resolve);
    });
    return this.socket.readyState === WebSocket.OPEN;
  }

  async closed(): Promise<void> {
    if (this.socket.readyState !== WebSocket.CLOSED) await once(this.socket, 'close');
  }

  /** The first event that passes for what is looked for, as soon as it is there. */
  async find<T>(look: (event: ConsoleEvent) => T | null): Promise<T> {
    for (;;) {
      for (const event of this.events) {
        const found = look(event);
        if (found !== null) return found;
      }
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('closed before it came');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  shown(name: string): Promise<Snapshot> {
    return this.find((event) =>
      event.kind === 'snapshot' && event.snapshot.self.name === name ? event.snapshot : null,
    );
  }

  ask(request: { readonly id: number; readonly [field: string]: unknown }): Promise<unknown> {
    this.socket.send(JSON.stringify(request));
    return this.find((event) =>
      event.kind === 'answer' && event.id === request.id ? event.answer : null,
    );
  }

  call(id: number, name: string, input: unknown): Promise<unknown> {
    return this.ask({ kind: 'call', id, name, input });
  }
}
