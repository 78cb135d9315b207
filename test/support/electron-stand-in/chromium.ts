import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { CHROMIUM_SWITCHES } from '../chromium-switches.ts';
import { PATIENCE_MS } from '../patience.ts';

const LOOK_EVERY_MS = 20;

export interface Chromium {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly cdp: CDPSession;
  /** Where a test can look at the same page with Playwright. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

export async function startChromium(profile: string): Promise<Chromium> {
  const executablePath = process.env['CHROME_PATH'] ?? '/usr/bin/chromium';
  const portFile = join(profile, 'DevToolsActivePort');
  // of a start before, at which nobody listens now
  await rm(portFile, { force: true });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...CHROMIUM_SWITCHES, '--remote-debugging-port=0'],
    headless: true,
    viewport: { width: 960, height: 680 },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = context.pages()[0] ?? (await context.newPage());
  const port = await portIn(portFile);
  return {
    context,
    page,
    cdp: await context.newCDPSession(page),
    endpoint: `http://127.0.0.1:${port}`,
    stop: () => context.close(),
  };
}

/** The page may be there before the file is. */
async function portIn(file: string): Promise<string> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_EVERY_MS) {
    const [port = ''] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
    if (port !== '') return port;
    await setTimeout(LOOK_EVERY_MS);
  }
  throw new Error('Chromium says no port');
}

/** Chromium knows no `app:`; to it the page lives on a secure host that resolves nowhere. */
export function toHttps(url: string): string {
  return url.replace(/^([a-z]+):\/\/([^/]*)/, 'https://$2.$1.invalid');
}

export function fromHttps(url: string): string {
  return url.replace(/^https:\/\/([^/]*)\.([a-z]+)\.invalid(?=\/|$)/, '$2://$1');
}
