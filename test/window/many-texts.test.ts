import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { delivered, transfer } from '../support/shown-transfers.ts';
import { snapshot } from '../support/snapshots.ts';

/** If this fails, a window that is opened on many texts asks for all of them at once, and loses its engine. */

let host: HarnessHost;

beforeAll(async () => {
  host = await startHarness();
});
afterAll(() => host.stop());

test('the newest texts are read at once, and the others when somebody wants to', async () => {
  const page = await host.open('state=peers');
  const [saved] = [{ direction: 'receive', content: 'text', savedAs: '/home/a.txt' }] as const;
  const transfers = Array.from({ length: 40 }, () => ({ ...transfer(delivered), ...saved }));
  await page.evaluate((next) => window.harness.show(next), snapshot({ transfers }));
  await expect.poll(() => page.getByRole('button', { name: /^Show/ }).count()).toBe(30);
  const read = () =>
    page.evaluate(() => window.harness.asked.filter(([name]) => name === 'readText').length);
  expect(await read()).toBe(10);
  await page.getByRole('button', { name: /^Show/ }).first().click();
  await expect.poll(read).toBe(11);
});

test('a text that was missed while the engine could not be heard is asked for when it can', async () => {
  const page = await host.open('state=peers');
  const [saved] = [{ direction: 'receive', content: 'text', savedAs: '/home/a.txt' }] as const;
  const next = snapshot({ transfers: [{ ...transfer(delivered), ...saved }] });
  await page.evaluate((shown) => {
    const { harness } = window;
    harness.answers.set('readText', { ok: false, failure: { code: 'PEER_GONE', details: {} } });
    harness.show(shown);
    harness.setLink('lost');
  }, next);
  await page.getByRole('alert').first().waitFor();
  expect(await page.getByText('See you at eight').count()).toBe(0);
  await page.evaluate(() => {
    const { harness } = window;
    harness.answers.set('readText', { ok: true, value: { text: 'See you at eight' } });
    harness.setLink('open');
  });
  await page.getByText('See you at eight').waitFor();
});
