import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import type { TestWindow } from '../support/test-window.ts';
import { Windows } from '../support/windows.ts';

/** If these fail, somebody whose other device is not there has nothing to go by. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});
afterEach(() => windows.settle());
afterAll(() => windows.stop());

const findings = (window: TestWindow) =>
  window.page
    .locator('[data-finding]')
    .evaluateAll((lines) => lines.map((line) => line.getAttribute('data-finding')));

test('the check says what works, and knocks where it is asked to, by the keyboard alone', async () => {
  const words = en.window.doctor;
  const open = ada.button(words.open);
  await open.focus();
  await ada.page.keyboard.press('Enter');
  await expect.poll(() => findings(ada)).toContain('DEVICES_FOUND');
  const { port } = ben.engine.snapshot().self;
  await ada.page.getByLabel(words.address).fill(`127.0.0.1:${port ?? 0}`);
  await ada.page.keyboard.press('Enter');
  await expect.poll(() => findings(ada)).toContain('TARGET_ANSWERS');
  await ada.page.getByLabel(words.address).fill('127.0.0.1:1');
  await ada.page.keyboard.press('Enter');
  await expect.poll(async () => (await findings(ada))[0]).toBe('TARGET_REFUSES');
  await ada.page.getByText(en.doctor.TARGET_REFUSES.do).waitFor();
  await ada.page.getByLabel(words.address).fill('::::');
  await ada.page.keyboard.press('Enter');
  await ada.page.getByText(en.error.NOT_AN_ADDRESS.do).waitFor();
  await ada.button(words.close).click();
  expect(await findings(ada)).toEqual([]);
});
