import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';
import { asTheBrowserKeepsIt } from './browser-trees.ts';

/** The prompt for what comes in, on a real offer from another window. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

async function offer(path: string): Promise<void> {
  await dropFiles(ada.peer(ben.name), [path]);
  await ben.offer(ada).waitFor();
}

test('says who, that nobody has verified them, what, how much, and where it will be saved', async () => {
  const album = windows.path('album');
  putFile(join(album, 'one.jpg'), 1_200_000);
  putFile(join(album, 'more', 'two.jpg'), 300_000);
  await offer(album);
  const prompt = ben.offer(ada);
  const { id } = ada.engine.snapshot().self;
  expect((await prompt.getByRole('heading').innerText()).trim()).toBe(
    `${ada.name} wants to send you the folder album`,
  );
  const said = await prompt.innerText();
  expect(said).toContain(en.window.offer.notVerified);
  expect(said).toContain(`id ${id.slice(0, 4)} ${id.slice(4, 8)} ${id.slice(8, 12)}`);
  expect(said).toContain('from 127.0.0.1');
  expect(said).toContain('2 files · 2 folders · 1.5 MB');
  expect(said).toContain(`Will be saved in ${ben.inbox}`);
});

test('a Decline is seen by the sender, and nothing is written', async () => {
  await offer(putFile(windows.path('unwanted.txt'), 30));
  await ben.answer(ada, 'decline');
  await ada.row('unwanted.txt').getByText(en.phase.send.declined).waitFor();
  await ben.row('unwanted.txt').getByText(en.phase.receive.declined).waitFor();
  await ben.offer(ada).waitFor({ state: 'detached' });
  expect(readdirSync(ben.inbox)).not.toContain('unwanted.txt');
});

test('what was declined can be sent again by the sender', async () => {
  await offer(putFile(windows.path('second thoughts.txt'), 30));
  await ben.answer(ada, 'decline');
  await ada.row('second thoughts.txt').getByRole('button', { name: /again/ }).click();
  await ben.answer(ada, 'accept');
  await ada.row('second thoughts.txt').getByText(en.phase.send.delivered).waitFor();
});

describe('Save to…', () => {
  test('saves in a folder that is typed', async () => {
    const gift = putFile(windows.path('gift.txt'), 40);
    const shelf = windows.path('shelf');
    mkdirSync(shelf);
    await offer(gift);
    await ben.answer(ada, 'saveTo');
    await ben.page.getByLabel(en.window.offer.folderLabel).fill(shelf);
    await ben.answer(ada, 'useFolder');
    await ben.offer(ada).getByText(`Will be saved in ${shelf}`).waitFor();
    await ben.answer(ada, 'accept');
    await ben
      .row('gift.txt')
      .getByText(`Saved as ${join(shelf, 'gift.txt')}`)
      .waitFor();
    expect(asTheBrowserKeepsIt(join(shelf, 'gift.txt'))).toEqual(asTheBrowserKeepsIt(gift));
    expect(readdirSync(ben.inbox)).not.toContain('gift.txt');
  });

  test('says in words that a folder cannot be used, and the offer goes on waiting', async () => {
    const file = putFile(windows.path('vase.txt'), 40);
    await offer(file);
    await ben.answer(ada, 'saveTo');
    await ben.page.getByLabel(en.window.offer.folderLabel).fill(join(file, 'inside a file'));
    await ben.answer(ada, 'useFolder');
    await ben.offer(ada).getByText('is missing, is no folder, or cannot be written to').waitFor();
    await ben.answer(ada, 'back');
    await ben.answer(ada, 'accept');
    await ben.row('vase.txt').getByText(en.phase.receive.delivered).waitFor();
  });
});

describe('the keyboard', () => {
  async function focusAccept(): Promise<void> {
    const accept = ben
      .offer(ada)
      .getByRole('button', { name: en.window.offer.accept, exact: true });
    await accept.and(ben.page.locator(':not([data-arming])')).waitFor();
    await accept.focus();
  }

  test('does not accept a stranger by Enter: the answer given after it is the one that counts', async () => {
    await offer(putFile(windows.path('enter.txt'), 20));
    await focusAccept();
    await ben.page.keyboard.press('Enter');
    await ben.answer(ada, 'decline');
    await ada.row('enter.txt').getByText(en.phase.send.declined).waitFor();
  });

  test('accepts a stranger by Space', async () => {
    await offer(putFile(windows.path('space.txt'), 20));
    await focusAccept();
    await ben.page.keyboard.press('Space');
    await ben.row('space.txt').getByText(en.phase.receive.delivered).waitFor();
  });

  test('stays with a person who is typing when an offer comes', async () => {
    await ben.button(en.window.address.open).click();
    const field = ben.page.getByLabel(en.window.address.label);
    await field.pressSequentially('10.1');
    await offer(putFile(windows.path('interruption.txt'), 20));
    await ben.page.keyboard.type('.2.3 ');
    expect(await field.inputValue()).toBe('10.1.2.3 ');
    await ben.answer(ada, 'decline');
    await ada.row('interruption.txt').getByText(en.phase.send.declined).waitFor();
    await ben.button(en.window.address.close).click();
  });
});

test('a press in the moment in which an offer appears is no answer', async () => {
  await ben.page.evaluate((name) => {
    new MutationObserver((_, observer) => {
      const button = [...document.querySelectorAll<HTMLElement>('[role=dialog] button')].find(
        ({ innerText }) => innerText.trim() === name,
      );
      if (button === undefined) return;
      observer.disconnect();
      button.click();
      document.body.dataset['pressed'] = name;
    }).observe(document.body, { childList: true, subtree: true });
  }, en.window.offer.accept);
  await offer(putFile(windows.path('sudden.txt'), 20));
  expect(await ben.page.locator('body').getAttribute('data-pressed')).toBe(en.window.offer.accept);
  await ben.answer(ada, 'decline');
  await ada.row('sudden.txt').getByText(en.phase.send.declined).waitFor();
});

test('offers of several devices wait beneath one another, each with its own answer; of one device only one', async () => {
  const cleo = await windows.open('Cleo');
  await cleo.peer(ben.name).waitFor();
  const dialog = (name: string) => ben.page.getByRole('dialog').filter({ hasText: name });
  await dropFiles(ada.peer(ben.name), [putFile(windows.path('first.txt'), 20)]);
  await dialog('first.txt').waitFor();
  await dropFiles(ada.peer(ben.name), [putFile(windows.path('behind.txt'), 20)]);
  await dropFiles(cleo.peer(ben.name), [putFile(windows.path('second.txt'), 20)]);
  await dialog('second.txt').waitFor();
  const offers = ben.page.getByRole('dialog');
  expect(await offers.allInnerTexts()).toMatchObject([
    expect.stringContaining('first.txt') as string,
    expect.stringContaining('second.txt') as string,
  ]);
  // one that moves under the pointer takes no answer: it is pressed in the moment in which it does
  await ben.page.evaluate((name) => {
    new MutationObserver((_, observer) => {
      const cards = [...document.querySelectorAll<HTMLElement>('[role=dialog]')];
      if (!cards[0]?.innerText.includes('second.txt')) return;
      observer.disconnect();
      const buttons = [...cards[0].querySelectorAll<HTMLElement>('button')];
      buttons.find(({ innerText }) => innerText.trim() === name)?.click();
      document.body.dataset['moved'] = name;
    }).observe(document.body, { childList: true, subtree: true });
  }, en.window.offer.accept);
  await ben.answer(ada, 'accept');
  await ben.row('first.txt').getByText(en.phase.receive.delivered).waitFor();
  await ben.page.locator('body[data-moved]').waitFor();
  await dialog('behind.txt').waitFor();
  expect(await offers.allInnerTexts()).toMatchObject([
    expect.stringContaining('second.txt') as string,
    expect.stringContaining('behind.txt') as string,
  ]);
  await ben.answer(cleo, 'accept');
  await ben.row('second.txt').getByText(en.phase.receive.delivered).waitFor();
  await ben.answer(ada, 'decline');
  await windows.close(cleo);
});

test('an offer that comes has the focus on Decline', async () => {
  await offer(putFile(windows.path('focus.txt'), 20));
  const focused = ben.page.locator(':focus');
  expect((await focused.innerText()).trim()).toBe(en.window.offer.decline);
  await ben.answer(ada, 'decline');
});
