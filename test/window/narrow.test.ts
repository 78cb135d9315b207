import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
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

test('a name that is called odd stays in one piece', async () => {
  await page.setViewportSize({ width: 360, height: 640 });
  await show(page, 'secondLook', 'en');
  for (const name of ['holiday.jpg.exe', '.bashrc']) {
    const words = page.locator('[data-offer] li').getByText(name, { exact: true }).first();
    expect([name, await words.evaluate((one) => one.getClientRects().length)]).toEqual([name, 1]);
    const { height } = await boxOf(words);
    const lineHeight = await words.evaluate((one) => parseFloat(getComputedStyle(one).lineHeight));
    expect(height).toBeLessThan(1.5 * lineHeight);
  }
});

test('what answers an offer and a code fills whole rows, and the quiet buttons are in line', async () => {
  await page.setViewportSize({ width: 360, height: 640 });
  await show(page, 'firstOffer', 'en');
  const offer = page.locator('[data-offer]');
  const title = await boxOf(offer.getByRole('heading', { level: 2 }));
  // however many stand in one, which is for the letters to say
  for (const [first, last] of [
    [en.window.offer.decline, en.window.offer.accept],
    [en.window.pairing.later, en.window.pairing.match],
  ] as const) {
    const [from, to] = await Promise.all(
      [first, last].map((name) => boxOf(page.getByRole('button', { name }).last())),
    );
    expect([first, from?.x]).toEqual([first, title.x]);
    expect([last, (to?.x ?? 0) + (to?.width ?? 0)]).toEqual([last, title.x + title.width]);
  }
  for (const name of [en.window.plan.details, en.window.offer.block]) {
    const words = await boxOf(offer.getByRole('button', { name, exact: true }).locator('span'));
    expect([name, Math.abs(words.x - title.x) < 2]).toEqual([name, true]);
  }
});

test('where nobody is looked for, the way that is left is told, and no other', async () => {
  const said = async (view: 'away' | 'awayOff' | 'alone') => {
    await show(page, view, 'en');
    const words = await page.getByRole('main').innerText();
    const { awayMore, awayByHand, emptyHelp, emptyByHand } = en.window.peers;
    const all = { awayMore, awayByHand, emptyHelp, emptyByHand };
    return Object.entries(all).flatMap(([key, text]) => (words.includes(text) ? [key] : []));
  };
  expect(await said('away')).toEqual(['awayMore']);
  expect(await said('alone')).toEqual(['emptyHelp']);
  expect(await said('awayOff')).toEqual(['awayByHand', 'emptyByHand']);
});

test('a full disk that is waited for asks nobody to try again', async () => {
  await show(page, 'otherEndings', 'en');
  const row = (phase: string) =>
    page.locator('[data-transfer]').filter({ has: page.getByText(phase, { exact: false }) });
  const waiting = row(en.phase.receive.noRoom);
  await waiting.getByText('It needs 3.4 GB, and 1.1 GB are free.', { exact: true }).waitFor();
  expect(await waiting.innerText()).not.toContain('try again');
  expect(await row(en.phase.receive.failed).innerText()).toContain('try again');
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
