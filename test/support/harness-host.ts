import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { CHROMIUM_SWITCHES } from './chromium-switches.ts';
import { PATIENCE_MS } from './patience.ts';

/** The window with a stand-in engine, in a browser: see test/window/harness. */
export interface HarnessHost {
  readonly browser: Browser;
  readonly origin: string;
  open(query: string, options?: BrowserContextOptions): Promise<Page>;
  stop(): Promise<void>;
}

const MIME: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export async function serveHarness(folder: string, executablePath: string): Promise<HarnessHost> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(folder, path === '/' ? 'index.html' : path);
    readFile(file).then(
      (body) => response.setHeader('content-type', MIME[extname(file)] ?? '').end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_SWITCHES] });
  return {
    browser,
    origin,
    async open(query, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 960, height: 680 },
        ...options,
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      await page.goto(`${origin}/?${query}`);
      // its words are loaded first: until then there is nothing to be read
      await page.locator('#window > *').first().waitFor({ state: 'attached' });
      return page;
    },
    async stop() {
      await browser.close();
      await new Promise((done) => server.close(done));
    },
  };
}
