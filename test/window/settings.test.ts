import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';
import { asTheBrowserKeepsIt } from './browser-trees.ts';

/** What a person changes about their own device, and who sees it. */

const words = en.window.settings;

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

beforeEach(() => ben.button(en.window.self.settings).click());
afterEach(async () => {
  await ben.page.keyboard.press('Escape');
  await ben.button(en.window.self.settings).waitFor();
  await windows.settle();
});
afterAll(() => windows.stop());

test('a new name of the device is what the other window shows', async () => {
  const oldName = ben.name;
  const newName = `Studio ${oldName}`;
  await ben.page.getByLabel(words.name).fill(newName);
  await ben.page.keyboard.press('Enter');
  await ben.page.getByRole('heading', { level: 1, name: newName, exact: true }).waitFor();
  await ada.peer(newName).waitFor();
  await ada.peer(oldName).waitFor({ state: 'detached' });
});

test('the folder for what arrives is the one that was typed', async () => {
  const shelf = windows.path('shelf');
  mkdirSync(shelf);
  await ben.button(`${words.change} ${words.folder}`).click();
  await ben.page.getByLabel(words.folder).fill(shelf);
  await ben.button(words.use).click();
  await ben.page.getByText(shelf, { exact: true }).waitFor();

  const book = putFile(windows.path('book.txt'), 60);
  await dropFiles(ada.peer(ben.name), [book]);
  await ben.page.getByText(`Will be saved in ${shelf}`).waitFor();
  await ben.answer(ada, 'accept');
  await ada.row('book.txt').getByText(en.phase.send.delivered).waitFor();
  expect(asTheBrowserKeepsIt(join(shelf, 'book.txt'))).toEqual(asTheBrowserKeepsIt(book));
});

test('a folder that cannot be used is refused in words, and the old one stays', async () => {
  const before = ben.engine.snapshot().self.directory;
  await ben.button(`${words.change} ${words.folder}`).click();
  const path = join(putFile(windows.path('file.txt'), 1), 'below');
  await ben.page.getByLabel(words.folder).fill(path);
  await ben.button(words.use).click();
  await ben.page.getByText('cannot be written to').waitFor();
  await ben.page.getByLabel(words.folder).press('Escape');
  await ben.page.getByText(before, { exact: true }).waitFor();
});

test('another port is kept for the next start, and what is no port is not kept at all', async () => {
  const field = ben.page.getByLabel(words.port, { exact: true });
  await field.fill('70000');
  await ben.page.getByText(words.portWrong).waitFor();
  await field.fill('48123');
  await ben.page.keyboard.press('Enter');
  await ben.page.getByText(words.portLater).waitFor();
  expect(ben.engine.snapshot().settings.port).toBe(48_123);
});

test('who may connect is local networks, until somebody says otherwise', async () => {
  const field = ben.page.getByLabel(words.reachable);
  expect(await field.inputValue()).toBe('local');
  await field.selectOption('anywhere');
  await ben.page.getByText(en.window.reachableFrom.anywhereMore).waitFor();
  expect(ben.engine.snapshot().settings.reachableFrom).toBe('anywhere');
  await field.selectOption('local');
  await ben.page.getByText(en.window.reachableFrom.localMore).waitFor();
  expect(ben.engine.snapshot().settings.reachableFrom).toBe('local');
});

test('the identity is the one that others see in an offer', async () => {
  const { id } = ben.engine.snapshot().self;
  const shown = await ben.page
    .getByText(new RegExp(`^${id.slice(0, 4)} ${id.slice(4, 8)}`))
    .innerText();
  expect(shown.replaceAll(' ', '')).toBe(id);
});

test('how the key is kept is said as it is', async () => {
  const kept = ben.engine.snapshot().self.keyKept;
  expect(kept).toBe(process.platform === 'win32' ? 'profile' : 'owner');
  await ben.page.getByText(words.key[kept]).waitFor();
});

test('the usual keys lead to the settings and to the dialog for files', async () => {
  const { page } = ada;
  await page.keyboard.press('Control+,');
  await page.getByRole('heading', { level: 2, name: words.title }).waitFor();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.keyboard.press('Control+O'),
  ]);
  expect(chooser.isMultiple()).toBe(true);
  await page.getByRole('region', { name: en.window.send.region }).waitFor();
});

test('what is chosen as appearance is drawn at once, whatever the system shows', async () => {
  const ground = () =>
    ben.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await ben.page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  await ben.page.getByRole('radio', { name: words.themes.dark, exact: true }).press('Space');
  await expect.poll(ground).not.toBe(light);
  await ben.page.emulateMedia({ colorScheme: 'dark' });
  await ben.page.getByRole('radio', { name: words.themes.light, exact: true }).press('Space');
  await expect.poll(ground).toBe(light);
  await ben.page.emulateMedia({ colorScheme: 'light' });
  await ben.page.getByRole('radio', { name: words.themes.system, exact: true }).press('Space');
  await expect.poll(() => ben.engine.snapshot().settings.theme).toBe('system');
});

test('a limit for sending holds from now on, and the log is shown', async () => {
  await ben.page.getByLabel(words.pace).selectOption('5000000');
  await expect.poll(() => ben.engine.snapshot().settings.sendBytesPerSecond).toBe(5_000_000);
  await ben.page.getByLabel(words.pace).selectOption('none');
  await expect.poll(() => ben.engine.snapshot().settings.sendBytesPerSecond).toBeNull();
  await ben.button(words.logShow).click();
  await expect.poll(() => ben.revealed.at(-1)).toMatch(/dropline\.log$/);
  // a page in a browser neither starts nor closes the program
  expect(await ben.page.getByRole('switch').count()).toBe(0);
});
