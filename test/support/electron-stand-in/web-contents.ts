import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { CDPSession, Frame, Route } from 'playwright-core';
import type { Chromium } from './chromium.ts';
import { fromHttps, startChromium, toHttps } from './chromium.ts';
import { record } from './control.ts';
import { ipcHandlers, preventable, protocolHandlers } from './registries.ts';
import { WORLD, pageSource, preloadSource } from './worlds.ts';

interface Message {
  readonly type: 'invoke' | 'files';
  readonly id: number;
  readonly channel: string;
  readonly value: unknown;
  readonly keys: readonly number[];
}

/** The page of the one window: its frame, its bridge to the main process and where it may go. */
export class StandInWebContents extends EventEmitter {
  readonly mainFrame = { origin: '', url: '', parent: null };
  readonly #preload: string;
  readonly #profile: string;
  #chromium: Chromium | null = null;
  #world: number | null = null;
  #loading: string | null = null;
  #windowOpen: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });

  constructor(preload: string, profile: string) {
    super();
    this.#preload = preload;
    this.#profile = profile;
  }

  async load(url: string): Promise<void> {
    const chromium = await startChromium(this.#profile);
    this.#chromium = chromium;
    await this.#connect(chromium.cdp);
    await chromium.context.route('**/*', (route) => route.abort('blockedbyclient'));
    await chromium.page.route('**/*', (route) => this.#route(route));
    chromium.context.on('page', (popup) => {
      const answer = this.#windowOpen({ url: popup.url() });
      record('windowOpen', answer);
      void popup.close();
    });
    await this.#goTo(url);
    record('ready', chromium.endpoint);
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.#windowOpen = handler;
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.#world !== null) this.#tell(this.#world, { type: 'push', channel, args });
  }

  reload(): void {
    void this.#goTo(fromHttps(this.#chromium?.page.url() ?? ''));
  }

  async close(): Promise<void> {
    await this.#chromium?.stop();
  }

  async #goTo(url: string): Promise<void> {
    this.#loading = toHttps(url);
    await this.#chromium?.page.goto(this.#loading, { waitUntil: 'load' });
    this.emit('did-finish-load');
  }

  async #connect(cdp: CDPSession): Promise<void> {
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name !== WORLD) return;
      this.#world = context.id;
      const url = fromHttps(context.origin);
      Object.assign(this.mainFrame, { origin: url, url: `${url}/` });
    });
    cdp.on('Runtime.bindingCalled', ({ payload, executionContextId }) => {
      void this.#serve(cdp, executionContextId, JSON.parse(payload) as Message);
    });
    await cdp.send('Runtime.enable');
    await cdp.send('Page.enable');
    await cdp.send('Runtime.addBinding', { name: 'standInSend', executionContextName: WORLD });
    const preload = preloadSource(await readFile(this.#preload, 'utf8'));
    const add = 'Page.addScriptToEvaluateOnNewDocument';
    await cdp.send(add, { source: pageSource() });
    await cdp.send(add, { source: preload, worldName: WORLD });
  }

  async #serve(cdp: CDPSession, world: number, { type, id, ...message }: Message): Promise<void> {
    try {
      const value =
        type === 'files'
          ? await Promise.all(message.keys.map((key) => fileOf(cdp, key)))
          : await ipcHandlers.invoke(message.channel, this.mainFrame, message.value);
      this.#tell(world, { type: 'answer', id, value });
    } catch (error) {
      this.#tell(world, { type: 'answer', id, error: String(error) });
    }
  }

  #tell(contextId: number, message: object): void {
    const expression = `standInReceive(${JSON.stringify(message)})`;
    // A world that is gone with its page has nobody left to hear it.
    this.#chromium?.cdp.send('Runtime.evaluate', { expression, contextId }).catch(() => undefined);
  }

  async #route(route: Route): Promise<void> {
    const request = route.request();
    const url = fromHttps(request.url());
    if (request.isNavigationRequest() && !this.#mayNavigate(request.frame(), request.url())) {
      await route.abort('aborted');
      return;
    }
    const handler = protocolHandlers.get(url.split(':')[0] ?? '');
    if (handler === undefined) {
      record('request', url);
      await route.abort('blockedbyclient');
      return;
    }
    const response = await handler(new Request(url, { method: request.method() }));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }

  #mayNavigate(frame: Frame, target: string): boolean {
    if (target === this.#loading) {
      this.#loading = null;
      return true;
    }
    const url = fromHttps(target);
    const event = { url, ...preventable() };
    if (frame.parentFrame() === null) this.emit('will-navigate', event);
    this.emit('will-frame-navigate', event);
    record('navigation', { url, isPrevented: event.isPrevented });
    return !event.isPrevented;
  }
}

/** Name and path of a File of the page, as Chromium knows it: '' for one that the page made. */
async function fileOf(cdp: CDPSession, key: number): Promise<readonly [string, string]> {
  const expression = `window[Symbol.for('stand-in files')][${String(key)}]`;
  const { result } = await cdp.send('Runtime.evaluate', { expression });
  const objectId = result.objectId ?? '';
  const { path } = await cdp.send('DOM.getFileInfo', { objectId }).catch(() => ({ path: '' }));
  const read = { objectId, functionDeclaration: 'function () { return this.name; }' };
  const name = await cdp.send('Runtime.callFunctionOn', read);
  return [String(name.result.value), path];
}
