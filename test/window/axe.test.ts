import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { axeFaults, bringAxe } from './axe-faults.ts';
import { VIEW_NAMES, show } from './views.ts';

/** What axe finds wrong with a view in both colours; for the other languages see languages.test.ts. */

let host: HarnessHost;
let page: Page;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { reducedMotion: 'reduce' });
  await bringAxe(page);
});
afterAll(() => host.stop());

test.each([
  ['light', 'all'],
  // what is not a matter of colour is the same
  ['dark', 'colours'],
] as const)('no view breaks a rule in %s colours', async (scheme, which) => {
  await page.emulateMedia({ colorScheme: scheme });
  const found: string[] = [];
  for (const name of VIEW_NAMES) {
    await show(page, name, 'en');
    found.push(...(await axeFaults(page, which)).map((fault) => `${name}: ${fault}`));
  }
  expect(found).toEqual([]);
});
