import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../shared/model/language.ts';
import { LANGUAGES } from '../../shared/model/language.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { axeFaults, bringAxe } from './axe-faults.ts';
import { VIEWS, VIEW_NAMES, show } from './views.ts';
import type { ViewName } from './views.ts';

/**
 * The window in every language: all of it fits on a small screen and breaks no rule of axe, and Arabic is
 * mirrored.
 */

const SMALL = { width: 360, height: 640 };

/** The longest words, and the other direction. */
const WIDE: readonly Language[] = ['de', 'ar'];
const isEach = process.env['DROPLINE_AXE'] === 'all';

/** By axe: each view in one language (axe.test.ts has English); with DROPLINE_AXE=all in each. */
function isJudged(name: ViewName, language: Language): boolean {
  return isEach || VIEW_NAMES.indexOf(name) % LANGUAGES.length === LANGUAGES.indexOf(language);
}

/** Whether it fits: in a few languages, and where axe judges it; with DROPLINE_AXE=all in each. */
function isMeasured(name: ViewName, language: Language): boolean {
  return WIDE.includes(language) || isJudged(name, language);
}

let host: HarnessHost;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { viewport: SMALL, reducedMotion: 'reduce' });
  await bringAxe(page);
  page.on('pageerror', (error) => complaints.push(String(error)));
});
afterAll(() => host.stop());

/** What sticks out of the page, and text that is cut off where it cannot be scrolled to. */
function tooWide(): readonly string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  const cut = [
    ...document.querySelectorAll('button, label, h1, h2, h3, p, summary, option'),
  ].filter(
    (element) =>
      element.checkVisibility() &&
      element.closest('.only-heard') === null &&
      element.scrollWidth > element.clientWidth + 1 &&
      getComputedStyle(element).display !== 'inline',
  );
  return [
    ...(scrollWidth > clientWidth ? [`the page by ${scrollWidth - clientWidth}`] : []),
    ...cut.map((element) => `${element.tagName} ${element.textContent.slice(0, 60)}`),
  ];
}

describe.each(LANGUAGES)('%s', (language) => {
  test('fits on a screen 360 pixels wide, and breaks no rule there', async () => {
    const found: string[] = [];
    for (const name of VIEW_NAMES.filter((one) => isMeasured(one, language))) {
      await show(page, name, language);
      // colours are the same in all of them: axe.test.ts looks at those
      const broken = isJudged(name, language) ? await axeFaults(page, 'allButColours') : [];
      const wrong = [...(await page.evaluate(tooWide)), ...broken];
      found.push(...wrong.map((what) => `${name}: ${what}`));
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

test('a language that is chosen is spoken at once, and nothing that was begun is lost', async () => {
  await show(page, 'staged', 'de');
  const said = page.locator('[data-step=staged] h2');
  const before = await said.innerText();
  await page.evaluate((next) => window.harness.show(next), speaking('ja'));
  await page.locator('html:lang(ja)').waitFor();
  await page.locator('[data-step=staged]').waitFor();
  await expect.poll(() => said.innerText()).not.toBe(before);
  expect(await page.locator('html').getAttribute('dir')).toBe('ltr');
});

function speaking(language: Language): Snapshot {
  const { snapshot } = VIEWS.staged;
  return { ...snapshot, settings: { ...snapshot.settings, language } };
}

describe('Arabic', () => {
  const boxOf = async (selector: string) => {
    const box = await page.locator(selector).first().boundingBox();
    return box ?? expect.fail(`${selector} is not there`);
  };

  test('is mirrored: what begins on the left in English begins on the right', async () => {
    await page.setViewportSize({ width: 960, height: 680 });
    for (const [language, dir] of [
      ['en', 'ltr'],
      ['ar', 'rtl'],
    ] as const) {
      await show(page, 'sending', language);
      expect(await page.locator('html').getAttribute('dir')).toBe(dir);
      const name = await boxOf('h1');
      const actions = await boxOf('header button');
      expect(name.x < actions.x).toBe(dir === 'ltr');
      const line = page.locator('[role=progressbar] svg').first();
      const scale = await line.evaluate((svg) => getComputedStyle(svg).scale);
      expect(scale.startsWith('-1')).toBe(dir === 'rtl');
    }
  });

  test('turns the arrow that leads back', async () => {
    await show(page, 'settings', 'ar');
    const turned = await page
      .locator('header .mirrors')
      .evaluate((path) => getComputedStyle(path).transform);
    expect(turned).toBe('matrix(-1, 0, 0, 1, 0, 0)');
  });

  test('leaves names, paths and addresses in their own order', async () => {
    await show(page, 'newOffer', 'ar');
    const isolated = await page.locator('bdi').allInnerTexts();
    expect(isolated).toContain('/home/mara/Downloads');
    expect(isolated).toContain('192.168.1.20:47710');
    // where no element can be
    await show(page, 'sending', 'ar');
    const named = page.locator('[aria-label*="\u2068Summer in Lisbon\u2069"]');
    expect(await named.count()).toBeGreaterThan(1);
  });
});
