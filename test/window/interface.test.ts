import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { settingsSchema } from '../../shared/model/settings.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { self } from '../support/shown-devices.ts';
import { snapshot } from '../support/snapshots.ts';

/** Which network interface is used: chosen by keys, and told where it is away. */

const words = en.window.settings;
const interfaces = [
  { name: 'eth0', addresses: ['192.168.1.20'] },
  { name: 'wlan0', addresses: ['10.0.0.7', 'fd00::7'] },
];

let host: HarnessHost;
let page: Page;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { reducedMotion: 'reduce' });
});
afterAll(() => host.stop());

const show = (more: Partial<ReturnType<typeof snapshot>>) =>
  page.evaluate((next) => window.harness.show(next), snapshot({ interfaces, ...more }));
const field = () => page.getByLabel(words.interface, { exact: true });
const options = () => field().getByRole('option').allInnerTexts();

beforeEach(async () => {
  await page.goto(new URL('/?state=peers', page.url()).href);
  await show({});
});

test('all or one of them, each with its address', async () => {
  await page.getByRole('button', { name: en.window.self.settings, exact: true }).press('Enter');
  expect(await options()).toEqual([words.interfaceAll, 'eth0 · 192.168.1.20', 'wlan0 · 10.0.0.7']);
  await page.getByText(words.interfaceAllMore).waitFor();
  await field().focus();
  await page.keyboard.type('wlan');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.evaluate(() => window.harness.asked))
    .toContainEqual(['setSettings', { interface: 'wlan0' }]);
});

test('one that is away stays chosen and says so, and so does a list that is empty for it', async () => {
  const settings = settingsSchema.parse({ interface: 'usb0' });
  const away = [...interfaces, { name: 'usb0', addresses: [] }];
  await show({
    settings,
    interfaces: away,
    peers: [],
    self: { ...self, addresses: [], port: null },
  });
  const hint = en.window.peers.interfaceAway.replace('{{name}}', 'usb0');
  await page.getByText(hint).waitFor();
  await page.getByRole('button', { name: en.window.self.settings, exact: true }).press('Enter');
  expect(await field().inputValue()).toBe('usb0');
  expect(await options()).toContain('usb0 · not here now');
  await page.getByText(words.interfaceGone).waitFor();
});
