import { mkdirSync, statfsSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { snapshot, states } from '../support/snapshots.ts';
import type { StateName } from '../support/snapshots.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile, setTime } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';
import { faintTexts } from './contrast.ts';

/** What a person is told before they answer, and what they may choose. */

const { plan: words, offer: offerWords, existing: choiceWords } = en.window;

describe('with a real offer', () => {
  let windows: Windows;
  let ada: TestWindow;
  let ben: TestWindow;

  beforeAll(async () => {
    windows = await Windows.start();
    [ada, ben] = await windows.openPair();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await windows.settle();
  });
  afterAll(() => windows.stop());

  const facts = () => ben.offer(ada).locator('[data-plan]').getByRole('status');
  const button = (name: string) => ben.offer(ada).getByRole('button', { name, exact: true });

  test('says what is new, what is there, what is renamed, and shows each of them', async () => {
    for (const root of [windows.path('album'), join(ben.inbox, 'album')]) {
      putFile(join(root, 'same.jpg'), 100, 1);
      putFile(join(root, 'other.jpg'), root.startsWith(ben.inbox) ? 90 : 100, 2);
    }
    putFile(join(windows.path('album'), 'back\\slash.txt'), 5);
    await dropFiles(ada.peer(ben.name), [windows.path('album')]);
    await facts().getByText('1 new').waitFor();
    expect(await facts().innerText()).toBe(
      '1 new · 1 already here (same size and date) · 1 already here, but different · 1 renamed',
    );
    await button(words.details).press('Enter');
    const said = await ben.offer(ada).innerText();
    expect(said).toContain('1 the same · 1 different');
    expect(said).toContain('album/back\\slash.txt is saved as album/back_slash.txt');
    await ben.answer(ada, 'decline');
  });

  test('says of what is all new that it is, and offers no choice', async () => {
    await dropFiles(ada.peer(ben.name), [putFile(windows.path('fresh.txt'), 10)]);
    await facts().getByText('1 new', { exact: true }).waitFor();
    expect(await button(words.details).count()).toBe(0);
    expect(await ben.offer(ada).getByLabel(words.choice).count()).toBe(0);
    await ben.answer(ada, 'decline');
  });

  test('tells the engine what was chosen for all, and for one by its name', async () => {
    const answer = vi.spyOn(ben.engine.commands, 'answer');
    const paths = ['one.txt', 'two.txt'].map((name) => putFile(windows.path(name), 10));
    for (const name of ['one.txt', 'two.txt']) putFile(join(ben.inbox, name), 20);
    await dropFiles(ada.peer(ben.name), paths);
    const forAll = ben.offer(ada).getByLabel(words.choice);
    expect(await forAll.inputValue()).toBe('keepBoth');
    await forAll.selectOption({ label: choiceWords.replace });
    await button(words.details).click();
    const one = ben.offer(ada).getByLabel(words.choiceOf.replace('{{name}}', 'one.txt'));
    expect(await one.inputValue()).toBe('replace');
    await one.selectOption({ label: choiceWords.skipIdentical });
    await ben.answer(ada, 'decline');
    await ben.offer(ada).waitFor({ state: 'detached' });
    expect(answer.mock.calls[0]?.[0].existing).toEqual({
      forAll: 'replace',
      items: { 'one.txt': 'skipIdentical' },
    });
  });

  test('starts from the choice in the settings', async () => {
    await ben.button(en.window.self.settings).click();
    const setting = ben.page.getByLabel(en.window.settings.existing);
    await setting.selectOption({ label: choiceWords.skipIdentical });
    await ben.page.getByText(en.window.settings.saved, { exact: true }).waitFor();
    expect(ben.engine.snapshot().settings).toMatchObject({
      existing: 'skipIdentical',
      deviceName: null,
      port: 47710,
    });
    await ben.page.keyboard.press('Escape');
    putFile(join(ben.inbox, 'again.txt'), 20);
    await dropFiles(ada.peer(ben.name), [putFile(windows.path('again.txt'), 10)]);
    const forAll = ben.offer(ada).getByLabel(words.choice);
    expect(await forAll.inputValue()).toBe('skipIdentical');
    await ben.answer(ada, 'decline');
    await ben.engine.commands.setSettings({ existing: 'keepBoth' });
  });

  test('plans anew for the folder that was named, and accepts nothing by that', async () => {
    const shelf = windows.path('shelf');
    mkdirSync(shelf);
    putFile(join(shelf, 'vase.txt'), 40, 9);
    await dropFiles(ada.peer(ben.name), [putFile(windows.path('vase.txt'), 40, 9)]);
    await facts().getByText('1 new').waitFor();
    await ben.answer(ada, 'saveTo');
    await ben.page.getByLabel(offerWords.folderLabel).fill(shelf);
    await ben.page.keyboard.press('Enter');
    await facts().getByText('1 already here (same size and date)').waitFor();
    await ben.offer(ada).getByText(`Will be saved in ${shelf}`).waitFor();
    await expect
      .poll(() => button(offerWords.saveTo).evaluate((e) => e === document.activeElement))
      .toBe(true);
    expect(ada.engine.snapshot().transfers[0]?.phase).toBe('waiting');
    await ben.answer(ada, 'decline');
  });

  test('refuses what there is no room for, and takes it where skipping leaves enough', async () => {
    const { bavail, bsize } = statfsSync(ben.inbox);
    // all holes: it takes no room itself
    const put = (path: string): void => {
      putFile(path, 0);
      truncateSync(path, bavail * bsize + 1_000_000_000);
      setTime(path, 1_600_000_000);
    };
    put(windows.path('films', 'huge.mov'));
    await dropFiles(ada.peer(ben.name), [windows.path('films')]);
    await ben.offer(ada).getByText(`Not enough room in ${ben.inbox}:`).waitFor();
    expect(await button(offerWords.accept).isDisabled()).toBe(true);
    mkdirSync(join(ben.inbox, 'films'));
    put(join(ben.inbox, 'films', 'huge.mov'));
    await button(words.lookAgain).click();
    await ben.offer(ada).getByLabel(words.choice).selectOption('skipIdentical');
    await ben.offer(ada).getByText(`Will be saved in ${ben.inbox}`).waitFor();
    expect(await button(offerWords.accept).isDisabled()).toBe(false);
    await ben.answer(ada, 'decline');
  });
});

describe('the prompt', () => {
  let host: HarnessHost;

  beforeAll(async () => {
    host = await startHarness();
  });
  afterAll(() => host.stop());

  const show = (page: Page, name: StateName): Promise<void> =>
    page.evaluate((state) => window.harness.showState(state), name);
  const open = (width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> =>
    host.open('state=offer', {
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
      colorScheme,
    });

  const animatedElements = (page: Page): Promise<number> =>
    page.evaluate(
      () =>
        [...document.querySelectorAll('main *')].filter(
          (element) => getComputedStyle(element).animationName !== 'none',
        ).length,
    );

  test.each(['newOffer', 'plannedOffer', 'tightOffer'] as const)(
    'moves none of its buttons when the plan comes (%s)',
    async (state) => {
      const page = await open(960);
      const places = () =>
        Promise.all(
          [offerWords.decline, offerWords.saveTo, offerWords.accept].map((name) =>
            page.getByRole('button', { name, exact: true }).boundingBox(),
          ),
        );
      const before = await places();
      // the first frame of an animation, however short, would be elsewhere
      expect(await animatedElements(page)).toBe(0);
      await show(page, state);
      await page.locator('[data-plan]').getByText(/ new/).waitFor();
      expect(await places()).toEqual(before);
      await page.close();
    },
  );

  test('takes no answer in the moment in which it has news', async () => {
    const page = await open(960);
    const accept = page.getByRole('button', { name: offerWords.accept, exact: true });
    await accept.and(page.locator(':not([data-arming])')).waitFor();
    // pressed in the turn in which it is drawn: a slow computer would arm it meanwhile
    const asked = await page.evaluate(
      ([next, name]) =>
        new Promise<readonly unknown[]>((resolve) => {
          const look = new MutationObserver(() => {
            if (document.querySelector('[data-offer] select') === null) return;
            look.disconnect();
            const buttons = document.querySelectorAll<HTMLElement>('[data-offer] button');
            [...buttons].find(({ textContent }) => textContent === name)?.click();
            resolve([...window.harness.asked]);
          });
          look.observe(document.body, { subtree: true, childList: true });
          window.harness.show(next);
        }),
      [states.plannedOffer, offerWords.accept] as const,
    );
    expect(asked).toEqual([]);
    await accept.and(page.locator(':not([data-arming])')).click();
    expect(await page.evaluate(() => window.harness.asked.map(([name]) => name))).toEqual([
      'answer',
    ]);
    await page.close();
  });

  test('takes no answer in the moment in which another thing stands in its place', async () => {
    const page = await open(960);
    await page.locator('[data-arming]').first().waitFor({ state: 'detached' });
    const [offer] = states.plannedOffer.transfers;
    if (offer === undefined) throw new Error('no offer');
    const text = { ...offer, content: 'text', plan: null } as const;
    const renamed = { ...text, items: [{ name: 'run me.desktop', kind: 'file' }] } as const;
    for (const instead of [text, renamed]) {
      const armsAnew = await page.evaluate(
        (next) =>
          new Promise<boolean>((resolve) => {
            const look = new MutationObserver(() => {
              if (document.querySelector('[data-arming]') !== null) resolve(true);
            });
            look.observe(document.body, { subtree: true, attributes: true, childList: true });
            setTimeout(() => resolve(false), 5_000);
            window.harness.show(next);
          }),
        snapshot({ transfers: [instead] }),
      );
      expect(armsAnew).toBe(true);
      await page.locator('[data-arming]').first().waitFor({ state: 'detached' });
    }
    await page.close();
  });

  test('shows no plan of a folder that is not the one it saves in', async () => {
    const page = await open(960);
    const other = { ...states.plannedOffer.self, directory: '/home/mara/Elsewhere' };
    const { transfers } = states.plannedOffer;
    await page.evaluate(
      (next) => window.harness.show(next),
      snapshot({ self: other, transfers: [...transfers] }),
    );
    await page.getByText('Will be saved in /home/mara/Elsewhere').waitFor();
    expect(await page.locator('[data-plan]').getByRole('status').innerText()).toBe('');
    await expect
      .poll(() => page.evaluate(() => window.harness.asked))
      .toEqual([['plan', { transferId: transfers[0]?.id, folderId: null }]]);
    await page.close();
  });

  test.each([
    [360, 'light'],
    [480, 'dark'],
    [960, 'light'],
    [960, 'dark'],
  ] as const)('can be read on %i pixels in %s colours', async (width, colorScheme) => {
    const page = await open(width, colorScheme);
    for (const state of ['plannedOffer', 'tightOffer'] as const) {
      await show(page, state);
      const details = page.getByRole('button', { name: words.details });
      if ((await details.getAttribute('aria-expanded')) === 'false') await details.click();
      await page.locator('[data-arming]').first().waitFor({ state: 'detached' });
      const sidewaysPx = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      expect(sidewaysPx).toBe(0);
      expect(await faintTexts(page)).toEqual([]);
    }
    await page.close();
  });
});
