import { afterAll, beforeAll, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';

/** If these fail, somebody new is asked nothing, asked again each time, or cannot be sent to meanwhile. */

let windows: Windows;

beforeAll(async () => {
  windows = await Windows.start();
});
afterAll(() => windows.stop());

test('a new device asks once what it is called and where things go, and then shows who is there', async () => {
  const ada = await windows.open('Ada');
  const newcomer = await windows.open('Newcomer', { isNew: true });
  const { page, engine } = newcomer;
  await page.getByRole('heading', { level: 1, name: en.window.welcome.title }).waitFor();
  await page.getByText(newcomer.inbox).waitFor();
  expect(await page.locator('[data-peer]').count()).toBe(0);
  // what it is called by itself may stay
  const field = page.getByLabel(en.window.settings.name);
  expect(await field.inputValue()).toBe(engine.snapshot().self.name);
  await field.fill('Desk of Nora');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Desk of Nora' }).waitFor();
  // where to go on is nobody's first button
  const focused = page.locator(':focus');
  expect(await focused.evaluate(({ tagName }) => tagName)).toBe('H1');
  await page.keyboard.press('Tab');
  expect(await focused.innerText()).toBe(en.window.self.history);
  await newcomer.peer(ada.name).waitFor();
  await ada.peer('Desk of Nora').waitFor();
  await page.reload();
  await newcomer.peer(ada.name).waitFor();
  expect(await page.getByText(en.window.welcome.title).count()).toBe(0);
  expect(engine.snapshot().settings).toMatchObject({
    isWelcomed: true,
    deviceName: 'Desk of Nora',
  });
});

test('an offer does not wait for that', async () => {
  const ada = await windows.open('Ada');
  const newcomer = await windows.open('Newcomer', { isNew: true });
  const self = newcomer.engine.snapshot().self;
  await ada.peer(self.name).waitFor();
  const { selectionId } = await ada.engine.stagePaths([putFile(windows.path('gift.txt'), 20)]);
  const key = ada.engine.snapshot().peers.find(({ id }) => id === self.id)?.key ?? '';
  await ada.engine.commands.send({ selectionId, to: { kind: 'peer', key }, mode: 'tls' });
  await newcomer.answer(ada, 'accept');
  await ada.row('gift.txt').getByText(en.phase.send.delivered).waitFor();
});
