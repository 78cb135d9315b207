import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';

/** Who is shown, how they come and go, and what is done about those who do not come by themselves. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

test('each window shows the other device, and says by which name it is seen itself', async () => {
  for (const [window, other] of [
    [ada, ben],
    [ben, ada],
  ] as const) {
    await window.page.getByText(en.window.self.visibleAs).waitFor();
    await window.page.getByRole('heading', { level: 1, name: window.name, exact: true }).waitFor();
    expect(await window.peer(other.name).innerText()).toContain('127.0.0.1');
    expect(await window.peer(window.name).count()).toBe(0);
  }
});

test('a device that is started shows up in both windows, and goes when it ends', async () => {
  const guest = await windows.open('Guest');
  await Promise.all([ada.peer(guest.name).waitFor(), ben.peer(guest.name).waitFor()]);
  await windows.close(guest);
  await Promise.all(
    [ada, ben].map((window) => window.peer(guest.name).waitFor({ state: 'detached' })),
  );
});

describe('a device that does not show up by itself', () => {
  test('is listed by its address, gets what is sent there, and is taken off the list', async () => {
    const hidden = await windows.open('Hidden', { discovery: false });
    const address = `127.0.0.1:${hidden.engine.snapshot().self.port ?? 0}`;
    await hidden.page.getByText(en.window.peers.emptyOff).waitFor();
    await hidden.page.getByText(address).first().waitFor();

    await ada.button(en.window.address.open).click();
    await ada.page.getByLabel(en.window.address.label).fill(address);
    await ada.page.keyboard.press('Enter');
    await dropFiles(ada.peer('127.0.0.1'), [putFile(windows.path('to the hidden.txt'), 20)]);
    await hidden.answer(ada, 'accept');
    await ada.row('to the hidden.txt').getByText(en.phase.send.delivered).waitFor();

    const card = ada.peer('Hidden'); // it is known by now
    await card.click();
    await ada.page.getByRole('menuitem', { name: en.window.peers.remove }).click();
    await card.waitFor({ state: 'detached' });
    await windows.close(hidden);
  });

  test('is not listed where what was typed is no address: the window says so and keeps it', async () => {
    await ada.button(en.window.address.open).click();
    const field = ada.page.getByLabel(en.window.address.label);
    await field.fill('not an address');
    await ada.button(en.window.address.add).click();
    await ada.page.getByText(en.error.NOT_AN_ADDRESS.do).waitFor();
    expect(await field.inputValue()).toBe('not an address');
    await field.press('Escape');
    await ada.button(en.window.address.open).waitFor();
  });
});

test('a device that comes is told to those who cannot see it', async () => {
  const cleo = await windows.open('Cleo');
  const said = ada.page.getByRole('status').filter({ hasText: cleo.name });
  await said.getByText(/nearby now/).waitFor({ state: 'attached' });
  await windows.close(cleo);
});

describe('among many devices', () => {
  const crowd = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `192.0.2.${n}`);

  test('one is searched for, and a favourite comes first', async () => {
    for (const address of crowd) await ada.engine.commands.addPeer({ address });
    const list = ada.page.getByRole('list', { name: en.window.peers.title });
    const search = ada.page.getByRole('searchbox', { name: en.window.peers.search });
    await search.fill(ben.name.toUpperCase());
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
    await ada.page.getByRole('status').getByText('1 device fits').waitFor();
    await search.press('Tab');
    // the card of the one that was found: all that follows is done by keys
    await ada.page.keyboard.press('Tab');
    const star = ada.button(`Favourite: ${ben.name}`);
    expect(await star.evaluate((one) => one === document.activeElement)).toBe(true);
    await ada.page.keyboard.press('Space');
    await search.press('Escape');
    expect(await search.inputValue()).toBe('');
    await expect.poll(() => list.getByRole('listitem').count()).toBeGreaterThan(crowd.length);
    const first = list.getByRole('listitem').first();
    await first.getByText(ben.name).waitFor();
    expect(await first.getByRole('button', { pressed: true }).count()).toBe(1);
    await ada.button(en.window.search.clear).waitFor({ state: 'detached' });
  });
});
