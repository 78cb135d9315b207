import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../shared/model/language.ts';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { leaves } from '../support/catalogue-leaves.ts';
import { show } from './views.ts';

/** If these fail, words stand where they do not belong in some language: apart, or in no line. */

const USUAL = { width: 960, height: 680 };
const SMALL = { width: 360, height: 640 };

let host: HarnessHost;
let page: Page;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { reducedMotion: 'reduce' });
});
afterAll(() => host.stop());

/** The different heights at which they stand. */
const rowsOf = (elements: Locator): Promise<number> =>
  elements.evaluateAll((all) => {
    const middles = all.map((one) => {
      const { top, height } = one.getBoundingClientRect();
      return Math.round((top + height / 2) / 4);
    });
    return new Set(middles).size;
  });

describe.each(LANGUAGES)('in %s', (language) => {
  test('what answers an offer stands in one row', async () => {
    await page.setViewportSize(USUAL);
    await show(page, 'newOffer', language);
    const card = page.locator('[data-offer]');
    const answers = card.locator('select, [data-decline], [data-save-to]');
    expect(await answers.count()).toBe(3);
    expect(await rowsOf(answers)).toBe(1);
  });

  test('the buttons by which something is chosen fill whole rows of a small window', async () => {
    await page.setViewportSize(SMALL);
    await show(page, 'alone', language);
    const buttons = page.locator('[data-step] button');
    expect(await buttons.count()).toBe(3);
    const ends = await buttons.evaluateAll((all) => {
      const rows = new Map<number, { left: number; right: number }>();
      for (const { top, left, right } of all.map((one) => one.getBoundingClientRect())) {
        const row = rows.get(top) ?? { left, right };
        rows.set(top, { left: Math.min(row.left, left), right: Math.max(row.right, right) });
      }
      return [...rows.values()].map(({ left, right }) => Math.round(right - left));
    });
    const invitation = await page.locator('[data-step] p').first().boundingBox();
    expect(new Set(ends)).toEqual(new Set([Math.round(invitation?.width ?? 0)]));
  });

  test('no line of what an offer would do ends between a figure and what it counts', async () => {
    await page.setViewportSize(SMALL);
    await show(page, 'newOffer', language);
    const facts = page.locator('[data-plan] [role=status] > span');
    expect(await facts.count()).toBeGreaterThan(3);
    // one that is longer than a line has a line of its own
    const broken = await facts.evaluateAll((all) =>
      all.flatMap((one) => {
        const room = one.parentElement?.clientWidth ?? 0;
        const lines =
          one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight);
        return lines > 1.5 && one.scrollWidth < room - 1 ? [one.textContent] : [];
      }),
    );
    expect(broken).toEqual([]);
  });

  test('what to do about a finding follows as its sentences follow each other', async () => {
    await page.setViewportSize(USUAL);
    await show(page, 'everyFinding', language);
    const blank = leaves(language).get('join.sentence');
    const said = await page.locator('[data-finding=NO_NETWORK] > :last-child').innerText();
    const [happened, next] = ['say', 'do'].map((part) =>
      leaves(language).get(`doctor.NO_NETWORK.${part}`),
    );
    expect(said).toBe(`${happened ?? ''}${blank ?? ''}${next ?? ''}`);
  });
});

test('the sizes of files stand below each other, whatever is said beside them', async () => {
  await page.setViewportSize(USUAL);
  await show(page, 'sentFiles', 'fr');
  const ends = await page.locator('[data-row]').evaluateAll((rows) =>
    rows.map((row) => {
      const size = [...row.querySelectorAll('span')].find((one) =>
        /\d\s(?:ko|octet)/.test(one.innerText),
      );
      return Math.round(size?.getBoundingClientRect().right ?? 0);
    }),
  );
  expect(ends.length).toBeGreaterThan(5);
  expect([...new Set(ends)]).toHaveLength(1);
});

test('a device that is known by its address alone has it for a name, and not twice', async () => {
  await page.setViewportSize(USUAL);
  await show(page, 'console', 'en');
  const card = page.locator('[data-peer]').filter({ hasText: '10.0.4.17' });
  expect((await card.innerText()).match(/10\.0\.4\.17/g)).toHaveLength(1);
});
