import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

describe.each([
  ['light', 'all'],
  // what is not a matter of colour is the same
  ['dark', 'colours'],
] as const)('in %s colours', (colorScheme, which) => {
  test.each(VIEW_NAMES)('%s breaks no rule', async (name) => {
    await page.emulateMedia({ colorScheme });
    await show(page, name, 'en');
    expect(await axeFaults(page, which)).toEqual([]);
  });
});
