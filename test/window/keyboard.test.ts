import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { VIEWS, VIEW_NAMES, show } from './views.ts';
import type { ViewName } from './views.ts';

/** The window without a mouse: everything is reached, and the focus is seen wherever it is. */

let host: HarnessHost;
let page: Page;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { reducedMotion: 'reduce' });
});
afterAll(() => host.stop());

/** What has the focus, and whether a line is drawn round it; null: nothing has it. */
const focused = () =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    const label = 'labels' in at ? (at.labels as NodeListOf<Element> | null)?.[0] : undefined;
    const name = at.getAttribute('aria-label') ?? label?.textContent ?? at.textContent;
    return { name: name.trim(), isSeen: outlineStyle !== 'none' && outlineWidth !== '0px' };
  });

/** More than any view has. */
const MAX_STOPS = 80;

/** Goes on by Tab until that has the focus. */
async function tabTo(name: string | RegExp): Promise<void> {
  for (let stop = 0; stop < MAX_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const found = (await focused())?.name ?? '';
    if (typeof name === 'string' ? found === name : name.test(found)) return;
  }
  expect.fail(`Tab never comes to ${String(name)}`);
}

const asked = (command: string) =>
  page.evaluate(
    (wanted) => window.harness.asked.filter(([name]) => name === wanted).map(([, input]) => input),
    command,
  );

const change = (name: ViewName, more: Partial<Snapshot>) =>
  page.evaluate((next) => window.harness.show(next), { ...VIEWS[name].snapshot, ...more });

/** Whether what has the focus had it before on this way around; `begins`: nothing had. */
const wasThere = (begins: boolean) =>
  page.evaluate((isFirst) => {
    const at = document.activeElement ?? document.body;
    if (isFirst)
      document
        .querySelectorAll('[data-walked]')
        .forEach((one) => one.removeAttribute('data-walked'));
    return !at.toggleAttribute('data-walked');
  }, begins);

/** From wherever the focus is. A browser may leave the page after the last stop, or go on at the first one. */
async function stopsAround() {
  const stops: { readonly name: string; readonly isSeen: boolean }[] = [];
  for (let stop = 0; stop < MAX_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const at = await focused();
    if (at === null) continue;
    if (await wasThere(stops.length === 0)) break;
    stops.push(at);
  }
  return stops;
}

test.each(VIEW_NAMES)('each stop of Tab is seen, and every button is one (%s)', async (name) => {
  await show(page, name, 'en');
  // a menu keeps the focus until it is closed
  if ((await page.getByRole('menu').count()) > 0) await page.keyboard.press('Escape');
  const stops = await stopsAround();
  expect(stops.filter(({ isSeen }) => !isSeen)).toEqual([]);
  const buttons = await page.locator('button:enabled:visible:not([tabindex="-1"])').count();
  expect(stops.length).toBeGreaterThanOrEqual(buttons);
});

describe('without a mouse', () => {
  test('what was chosen is sent', async () => {
    await show(page, 'staged', 'en');
    await tabTo(/nas/);
    await page.keyboard.press('Enter');
    await expect.poll(() => asked('send')).toHaveLength(1);
  });

  test('an offer is accepted, from where it puts the focus', async () => {
    await show(page, 'newOffer', 'en');
    expect((await focused())?.name).toBe(en.window.offer.decline);
    await tabTo(en.window.offer.accept);
    await page.keyboard.press('Space');
    await expect.poll(() => asked('answer')).toMatchObject([{ accept: true }]);
  });

  test('codes are said to match', async () => {
    await show(page, 'pairing', 'en');
    await tabTo(en.window.pairing.match);
    await page.keyboard.press('Enter');
    await expect.poll(() => asked('answerPairing')).toMatchObject([{ answer: 'match' }]);
  });

  test('a setting is changed', async () => {
    await show(page, 'settings', 'en');
    await tabTo(en.window.settings.language);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => asked('setSettings')).toMatchObject([{ language: 'es' }]);
  });
});

describe('the focus goes on to what is next when its place vanishes:', () => {
  async function press(name: ViewName, button: RegExp): Promise<void> {
    await show(page, name, 'en');
    await page.getByRole('button', { name: button }).first().focus();
    await page.keyboard.press('Enter');
  }

  test('the next row, where a row is dismissed', async () => {
    await press('done', /^Dismiss/);
    await change('done', { transfers: VIEWS.done.snapshot.transfers.slice(1) });
    await expect
      .poll(focused)
      .toEqual({ isSeen: true, name: expect.stringContaining('render-final') as string });
  });

  test.each<readonly [string, ViewName, RegExp, Partial<Snapshot>]>([
    ['the last row is dismissed', 'done', /^Dismiss/, { transfers: [] }],
    ['a message is dismissed', 'notice', /^Dismiss$/, { notices: [] }],
    ['an offer is declined', 'newOffer', /^Decline$/, { transfers: [] }],
    ['a code is answered', 'pairing', /^They match$/, { pairings: [] }],
    ['a device is unblocked', 'settings', /^Unblock/, { blocked: [] }],
    ['what was chosen is put back', 'staged', /^Put it back$/, {}],
  ])('%s', async (_, name, button, more) => {
    await press(name, button);
    await change(name, more);
    await expect.poll(focused).toMatchObject({ isSeen: true });
  });
});
