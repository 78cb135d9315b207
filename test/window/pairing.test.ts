import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';

/**
 * If these fail, two people compare codes that are not those of their two devices, or one of them is
 * paired without having said so.
 */

const { pairing: words, peers, offer, settings } = en.window;

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair('Ada', { pairs: true });
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

function card(window: TestWindow): Locator {
  return window.page.locator('[data-pairing]');
}

/** The code as it stands there. */
async function codeOf(window: TestWindow): Promise<string> {
  const code = card(window).getByText(/^\d{3} \d{3}$/);
  await code.waitFor();
  return code.innerText();
}

async function answer(window: TestWindow, said: 'match' | 'mismatch' | 'later'): Promise<void> {
  const name = said === 'later' ? /^Not now: / : words[said];
  await card(window)
    .getByRole('button', { name, exact: true })
    .and(window.page.locator(':not([data-arming])'))
    .click();
}

async function pairFromMenu(one: TestWindow, two: TestWindow): Promise<void> {
  await one.peer(two.name).click();
  await one.page.getByRole('menuitem', { name: peers.pair }).click();
}

test('a code that nobody wants to compare now goes away on both screens, and comes again when asked', async () => {
  await pairFromMenu(ada, ben);
  expect(await codeOf(ada)).toBe(await codeOf(ben));
  await answer(ben, 'later');
  await card(ada).waitFor({ state: 'detached' });
  await card(ben).waitFor({ state: 'detached' });
  expect(ada.engine.snapshot().paired).toEqual([]);
  expect(ben.engine.snapshot().paired).toEqual([]);
});

test('with the first offer both screens show one code; who says that it matches on both is paired', async () => {
  await dropFiles(ada.peer(ben.name), [putFile(windows.path('hello.txt'), 30)]);
  const prompt = ben.page.locator('[data-offer]');
  await prompt.getByText(offer.notVerified).waitFor();
  expect(await codeOf(ada)).toBe(await codeOf(ben));

  const armed = card(ben).locator('button:not([data-arming])');
  const yes = armed.and(card(ben).getByRole('button', { name: words.match, exact: true }));
  const place = await yes.boundingBox();
  await answer(ada, 'match');
  await card(ada)
    .getByText(/^Waiting for/)
    .waitFor();
  await card(ben)
    .getByRole('status')
    .getByText(/says that they match/)
    .waitFor();
  expect(ada.engine.snapshot().paired).toEqual([]);
  // it may be on its way to be pressed
  expect(await armed.count()).toBe(3);
  expect(await yes.boundingBox()).toEqual(place);
  await yes.click();

  await prompt.getByText(offer.verified, { exact: true }).waitFor();
  await card(ada).waitFor({ state: 'detached' });
  for (const [one, two] of [
    [ada, ben],
    [ben, ada],
  ] as const) {
    await one.peer(two.name).getByText(peers.paired).waitFor();
    expect(one.engine.snapshot().paired).toMatchObject([{ id: two.engine.snapshot().self.id }]);
  }
  await ben.answer(ada, 'accept');
  await ada.row('hello.txt').getByText(en.phase.send.delivered).waitFor();
});

test('a paired device needs no code, until it is forgotten', async () => {
  await dropFiles(ada.peer(ben.name), [putFile(windows.path('again.txt'), 30)]);
  await ben.answer(ada, 'accept');
  await ada.row('again.txt').getByText(en.phase.send.delivered).waitFor();
  expect(await card(ben).count()).toBe(0);

  await ben.button(en.window.self.settings).click();
  const known = ben.page.getByRole('region', { name: settings.paired });
  await known.getByRole('button', { name: /^Forget/ }).click();
  await known.getByText(/a stranger then/).waitFor();
  await known.getByRole('button', { name: settings.forget, exact: true }).click();
  await known.getByText(settings.pairedNone).waitFor();
  await ben.button(en.window.self.back).click();
  expect(await ben.peer(ada.name).getByText(peers.paired).count()).toBe(0);
});

test('codes that do not match end it all, and both are told why', async () => {
  await pairFromMenu(ben, ada);
  await codeOf(ben);
  await answer(ben, 'mismatch');
  await card(ada).waitFor({ state: 'detached' });
  for (const window of [ada, ben]) {
    await window.page.getByText(en.error.CODE_MISMATCH.title).waitFor();
  }
});

test('the keyboard is enough, and Enter answers nothing that it was not meant for', async () => {
  const [eve, dan] = await windows.openPair('Eve', { pairs: true });
  await eve.peer(dan.name).focus();
  await eve.page.keyboard.press('Enter');
  await eve.page.getByRole('menuitem', { name: peers.pair }).focus();
  await eve.page.keyboard.press('Enter');
  await codeOf(eve);
  for (const window of [eve, dan]) {
    const focus = card(window).locator(':focus');
    expect(await focus.count()).toBe(0);
    const yes = card(window).getByRole('button', { name: words.match });
    await yes.and(window.page.locator(':not([data-arming])')).waitFor();
    await yes.focus();
    await window.page.keyboard.press('Space');
  }
  await eve.peer(dan.name).getByText(peers.paired).waitFor();
});
