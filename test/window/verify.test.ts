import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Transfer } from '../../shared/model/transfer.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { everyCheck } from '../support/shown-checks.ts';
import { snapshot } from '../support/snapshots.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';
import { faintTexts } from './contrast.ts';

/** "Verify again": whether what was received is still what arrived, said where it is listed. */

describe('with real engines', () => {
  let windows: Windows;
  let ada: TestWindow;
  let ben: TestWindow;

  beforeAll(async () => {
    windows = await Windows.start();
    [ada, ben] = await windows.openPair();
  });
  afterEach(async () => {
    await ben.page.keyboard.press('Escape');
    await ben.button(en.window.self.history).waitFor();
    await windows.settle();
  });
  afterAll(() => windows.stop());

  /** Ada sends it, Ben takes it; answers how it is listed there. */
  async function deliver(...paths: readonly string[]): Promise<Locator> {
    await dropFiles(ada.peer(ben.name), [...paths]);
    await ben.answer(ada, 'accept');
    const name = basename(paths[0] ?? '');
    const row = ben.row(name);
    await row.getByText(en.phase.receive.delivered).waitFor();
    return row;
  }

  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => putFile(windows.path(`photo ${n}.jpg`), 3_000 + n, n));
  const verify = (row: Locator) => row.getByRole('button', { name: /^Verify again: / }).click();

  test('what is as it arrived is said to be, with the time, and to those who only hear it', async () => {
    const row = await deliver(...many(4));
    await verify(row);
    await row.getByText(/^Checked \d{1,2}:\d{2}.*: all 4 files are as they arrived$/).waitFor();
    await expect
      .poll(() => ben.page.getByRole('status').allInnerTexts())
      .toContain(
        `photo 0.jpg and 3 more from ${ada.name}, checked: all 4 files are as they arrived`,
      );
  });

  test('what has changed and what is gone is named, each with its reason', async () => {
    const row = await deliver(...many(4));
    const [first = ''] = ben.engine.snapshot().transfers;
    const saved = typeof first === 'string' ? '' : (first.savedAs ?? '');
    writeFileSync(saved, readFileSync(saved).fill(1, 7, 8));
    const name = basename(saved);
    const gone = name.replace('photo 0', 'photo 2');
    rmSync(join(ben.inbox, gone));
    await verify(row);
    await row.getByText(/^Checked .*: 1 changed, 1 missing$/).waitFor();
    await row.getByText('1 file is no longer there').click();
    await row.getByText(`${gone}: ${en.error.FILE_GONE_SINCE.what}`).waitFor();
    await row.getByText('1 file is not as it arrived').click();
    await row.getByText(`${name}: ${en.error.FILE_CHANGED_SINCE.what}`).waitFor();
  });

  test('from the history too, after it was taken off the list', async () => {
    await deliver(putFile(windows.path('from before.txt'), 900));
    await ben.button('Dismiss from before.txt').click();
    await ben.button(en.window.self.history).click();
    const row = ben.history.getByRole('listitem').filter({ hasText: 'from before.txt' });
    await verify(row);
    await row.getByText(/^Checked .*: the file is as it arrived$/).waitFor();
  });

  test('what was sent, and what has no receipt any more, is not offered to be verified', async () => {
    const row = await deliver(putFile(windows.path('no receipt.txt'), 900));
    const sent = ada.row('no receipt.txt');
    await sent.getByText(en.phase.send.delivered).waitFor();
    expect(await sent.getByRole('button', { name: /Verify/ }).count()).toBe(0);
    rmSync(windows.path(`${ben.name} home`, 'receipts'), { recursive: true });
    await verify(row);
    await row
      .getByText(`Not checked. ${en.error.NO_RECEIPT.title}. ${en.error.NO_RECEIPT.what}`)
      .waitFor();
    expect(await row.getByRole('button', { name: /Verify/ }).count()).toBe(0);
  });
});

describe('drawn', () => {
  let host: HarnessHost;
  beforeAll(async () => {
    host = await startHarness();
  });
  afterAll(() => host.stop());

  const open = (width = 960, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> =>
    host.open('state=everyCheck', {
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
      colorScheme,
    });

  test('while it runs it shows how far it is, what it is for, and how to stop it', async () => {
    const page = await open();
    const row = page.locator('[data-transfer]').nth(1);
    const bar = row.getByRole('progressbar', { name: 'Check of Summer in Lisbon' });
    expect(await bar.getAttribute('aria-valuetext')).toBe('Checking: 1.2 GB of 3.4 GB');
    await row.getByText(en.window.check.verifyMore).waitFor();
    expect(await row.getByText(/^Checked/).count()).toBe(0);
    await row.getByRole('button', { name: 'Stop checking Summer in Lisbon' }).click();
    const transferId = await row.getAttribute('data-transfer');
    expect(await page.evaluate(() => window.harness.asked)).toEqual([
      ['stopVerify', { transferId }],
    ]);
    await page.close();
  });

  test('begun by the keyboard, it is stopped by the same button', async () => {
    const page = await open();
    const [, second] = everyCheck;
    const row = page.locator('[data-transfer]').first();
    await row.getByRole('button', { name: 'Verify again: Summer in Lisbon' }).focus();
    await page.keyboard.press('Enter');
    const transferId = await row.getAttribute('data-transfer');
    expect(await page.evaluate(() => window.harness.asked)).toEqual([['verify', { transferId }]]);
    const running = { ...second, id: transferId } as Transfer;
    await page.evaluate((next) => window.harness.show(next), snapshot({ transfers: [running] }));
    const stop = page.getByRole('button', { name: 'Stop checking Summer in Lisbon' });
    await stop.waitFor();
    expect(await stop.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.close();
  });

  test('what was found is counted in words, and what cannot be named is not listed', async () => {
    const page = await open();
    const checked = await page.getByText(/^Checked/).allInnerTexts();
    expect(checked.map((text) => text.replace(/^.*: /, ''))).toEqual([
      'all 312 files are as they arrived',
      '2 changed, 1 missing, 3 could not be checked',
      '12 could not be checked',
    ]);
    const lines = await page.locator('summary').allInnerTexts();
    expect(lines).toEqual([
      '2 files are not as they arrived: Summer in Lisbon/IMG_0412.jpg, Summer in Lisbon/notes.txt',
      '1 file is no longer there: Summer in Lisbon/raw/IMG_0413.dng',
      '3 files could not be checked: Summer in Lisbon/raw/IMG_0500.dng and 2 more',
    ]);
    await page.close();
  });

  test.each([
    [360, 'light'],
    [960, 'dark'],
  ] as const)('can be read on %i pixels in %s colours', async (width, colorScheme) => {
    const page = await open(width, colorScheme);
    await page
      .getByText(/^Checking/)
      .first()
      .waitFor();
    const sidewaysPx = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(sidewaysPx).toBe(0);
    expect(await faintTexts(page)).toEqual([]);
    await page.close();
  });
});
