import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { show } from './views.ts';

/** If these fail, a person with colours of their own cannot read what the one thing to do here is. */

/** Of 0 to 255. */
const LEAST_APART = 100;

let host: HarnessHost;
let page: Page;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { reducedMotion: 'reduce' });
});
afterAll(() => host.stop());

/** The edge may show the ground of what is round it. */
const EDGE_PX = 5;

/** How far the lightest and the darkest of what is painted in it are from each other. */
async function apart(element: Locator): Promise<number> {
  const picture = (await element.screenshot()).toString('base64');
  return page.evaluate(
    async ([source, edge]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${source}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0);
      const inside = [edge, edge, image.width - 2 * edge, image.height - 2 * edge] as const;
      const { data } = context?.getImageData(...inside) ?? { data: [] };
      const greens = [...data].filter((_, at) => at % 4 === 1);
      return Math.max(...greens) - Math.min(...greens);
    },
    [picture, EDGE_PX] as const,
  );
}

test.each(['light', 'dark'] as const)('words stand out from their buttons (%s)', async (scheme) => {
  await page.emulateMedia({ colorScheme: scheme, forcedColors: 'active' });
  for (const view of [
    'everyPairing',
    'newOffer',
    'stagedForSeveral',
    'writing',
    'texts',
  ] as const) {
    await show(page, view, 'en');
    const words = await page.locator('button > span:visible').all();
    expect(words.length, view).toBeGreaterThan(3);
    for (const one of words) {
      expect(await apart(one), `${view}: ${await one.innerText()}`).toBeGreaterThan(LEAST_APART);
    }
  }
});
