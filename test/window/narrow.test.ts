import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { show } from './views.ts';

/** If these fail, names in long lists cannot be read: cut to nothing, or in the wrong order. */

let host: HarnessHost;
let page: Page;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { reducedMotion: 'reduce' });
});
afterAll(() => host.stop());

async function boxOf(place: Locator) {
  return (await place.boundingBox()) ?? expect.fail('it is not seen');
}

test.each([360, 480])('the names of an offer have most of their row at %i pixels', async (px) => {
  await page.setViewportSize({ width: px, height: 640 });
  await show(page, 'choosing', 'en');
  const row = page.getByRole('treeitem').filter({ hasText: 'a name that is longer' }).first();
  const tree = await boxOf(page.getByRole('tree'));
  const name = await boxOf(row.locator('[title^="a name"]'));
  expect(name.width).toBeGreaterThan(tree.width / 2);
  const whole = await boxOf(row);
  expect(name.y).toBeGreaterThanOrEqual(whole.y);
  expect(name.y + name.height).toBeLessThanOrEqual(whole.y + whole.height);
});

test.each([320, 360])('a badge says its kind in one line at %i pixels', async (px) => {
  await page.setViewportSize({ width: px, height: 640 });
  for (const view of ['pictures', 'offers', 'choosing'] as const) {
    await show(page, view, 'en');
    const kinds = page.locator('[data-offer] [data-badges] bdi');
    await kinds.first().waitFor();
    const lines = await kinds.evaluateAll((all) =>
      all.map((kind) => `${kind.textContent} ${kind.getClientRects().length}`),
    );
    expect(lines.filter((line) => !line.endsWith(' 1'))).toEqual([]);
  }
});

test.each(['en', 'ar'] as const)('a folder stands left of its file: %s', async (language) => {
  await page.setViewportSize({ width: 960, height: 680 });
  await show(page, 'sentFiles', language);
  const row = page.locator('[data-row="0"]');
  const [folder, name] = [row.getByText('notes/'), row.getByText('waiting.txt')];
  expect((await boxOf(folder)).x).toBeLessThan((await boxOf(name)).x);
  // it begins where a line of that language does
  const [path, whole] = [await boxOf(folder), await boxOf(row)];
  expect(path.x < whole.x + whole.width / 2).toBe(language === 'en');
});
