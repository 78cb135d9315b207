import { inject } from 'vitest';
import { serveHarness } from './harness-host.ts';
import type { HarnessHost } from './harness-host.ts';

export type { HarnessHost };

/** The window with a stand-in engine, as it was built for the files of this suite. */
export function startHarness(): Promise<HarnessHost> {
  const browser = process.env['CHROME_PATH'];
  if (browser === undefined) throw new Error('No Chromium: see build/setup/browser.js.');
  return serveHarness(inject('harness'), browser);
}
