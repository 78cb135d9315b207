import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile, setTime } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';
import { asTheBrowserKeepsIt } from './browser-trees.ts';

/** From what a person chooses to the disk of the other computer: real drags, real dialogs, real files. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

/** What gets lost most easily: an empty folder, an empty file, an odd name, a time of its own. */
function makeFolder(name: string): string {
  const folder = windows.path(name);
  putFile(join(folder, 'film.mp4'), 3_000_001, 2);
  putFile(join(folder, 'lake', 'größe & co.txt'), 12, 3);
  putFile(join(folder, 'lake', 'empty.txt'), 0);
  mkdirSync(join(folder, 'to sort', 'later'), { recursive: true });
  chmodSync(putFile(join(folder, 'run.sh'), 20, 4), 0o755);
  setTime(join(folder, 'film.mp4'), 981_173_106.25);
  setTime(join(folder, 'lake', 'empty.txt'), 1);
  return folder;
}

describe('a folder that is dropped on a device', () => {
  test('is asked for there, and arrives whole, with its times and its empty folders', async () => {
    const holiday = makeFolder('holiday');
    await dropFiles(ada.peer(ben.name), [holiday]);
    await ada.row('holiday').getByText(en.phase.send.waiting).waitFor();
    await ben.answer(ada, 'accept');
    await ben.row('holiday').getByText(en.phase.receive.delivered).waitFor();
    await ada.row('holiday').getByText(en.phase.send.delivered).waitFor();
    expect(asTheBrowserKeepsIt(join(ben.inbox, 'holiday'))).toEqual(asTheBrowserKeepsIt(holiday));
  });

  test('shows in both windows how far it has come', async () => {
    const film = windows.path('long film.mp4');
    putFile(film, 4_000_000, 5);
    const wire = await windows.holdWire(ada, ben.engine, 2_000_000);
    await dropFiles(ada.peer('127.0.0.1'), [film]);
    await ben.answer(ada, 'accept');
    for (const [window, phase] of [
      [ada, en.phase.send.transferring],
      [ben, en.phase.receive.transferring],
    ] as const) {
      const row = window.row('long film.mp4');
      await row.getByText(phase).waitFor();
      const bar = row.getByRole('progressbar', { name: 'Progress of long film.mp4' });
      await expect
        .poll(async () => Number(await bar.getAttribute('aria-valuenow')))
        .toBeGreaterThan(25);
      expect(Number(await bar.getAttribute('aria-valuenow'))).toBeLessThan(60);
      expect(await row.innerText()).toMatch(/\d\.\d MB of 4\.0 MB/);
    }
    wire.letGo();
    await ada.row('long film.mp4').getByText(en.phase.send.delivered).waitFor();
    expect(asTheBrowserKeepsIt(join(ben.inbox, 'long film.mp4'))).toEqual(
      asTheBrowserKeepsIt(film),
    );
  });
});

test('files dropped at once arrive beside one another, two of one name under two names', async () => {
  const paths = ['first', 'second'].map((from, at) =>
    putFile(windows.path(from, 'notes.txt'), 100 + at, at),
  );
  await dropFiles(ada.peer(ben.name), paths);
  await ben.answer(ada, 'accept');
  await ada.row('notes.txt').getByText(en.phase.send.delivered).waitFor();
  // The browser itself gives the second its name.
  const arrived = readdirSync(ben.inbox).filter((name) => /^notes( \(\d\))?\.txt$/.test(name));
  expect(arrived).toHaveLength(2);
  const kept = arrived.map((name) => asTheBrowserKeepsIt(join(ben.inbox, name)));
  for (const path of paths) expect(kept).toContainEqual(asTheBrowserKeepsIt(path));
});

describe('what is dropped beside the devices', () => {
  const note = () => putFile(windows.path('note.txt'), 50, 6);

  test('waits until a device is pressed', async () => {
    await dropFiles(ada.page.getByRole('heading', { level: 1 }), [note()]);
    await ada.page.getByRole('heading', { name: 'Ready to send: note.txt' }).waitFor();
    await ada.peer(ben.name).click();
    await ben.offer(ada).getByText('50 bytes').waitFor();
    await ada.page.getByText(en.window.send.drop).waitFor();
  });

  test('is put back by its button, and nothing is sent', async () => {
    await dropFiles(ada.page.getByRole('heading', { level: 1 }), [note()]);
    await ada.button(en.window.send.putBack).click();
    await ada.page.getByText(en.window.send.drop).waitFor();
    expect(ada.engine.snapshot().transfers).toEqual([]);
  });

  test('gives way to what is dropped after it', async () => {
    await dropFiles(ada.page.getByRole('heading', { level: 1 }), [note()]);
    await dropFiles(ada.page.getByRole('heading', { level: 1 }), [makeFolder('films')]);
    await ada.page.getByRole('heading', { name: 'Ready to send: films' }).waitFor();
    await ada.button(en.window.send.putBack).click();
  });
});

describe('the dialogs of the browser', () => {
  test('choose files that are sent with the keyboard alone', async () => {
    const letter = putFile(windows.path('letter.txt'), 77, 7);
    const { keyboard } = ada.page;
    const focused = ada.page.locator(':focus');
    // from wherever the focus was left, once around at most
    for (let presses = 0; presses < 200; presses += 1) {
      await keyboard.press('Tab');
      if ((await focused.count()) === 0) continue;
      if ((await focused.innerText()) === en.window.send.files) break;
    }
    const dialog = ada.page.waitForEvent('filechooser');
    await keyboard.press('Enter');
    await (await dialog).setFiles([letter]);
    await ada.page.getByRole('heading', { name: 'Ready to send: letter.txt' }).waitFor();
    for (let presses = 0; presses < 10; presses += 1) {
      await keyboard.press('Tab');
      if ((await focused.innerText()).includes(ben.name)) break;
    }
    await keyboard.press('Enter');
    await ben.answer(ada, 'accept');
    await ada.row('letter.txt').getByText(en.phase.send.delivered).waitFor();
    expect(asTheBrowserKeepsIt(join(ben.inbox, 'letter.txt'))).toEqual(asTheBrowserKeepsIt(letter));
  });

  test('choose a folder, and the window says that its empty folders stay behind', async () => {
    const lake = makeFolder('lake');
    const dialog = ada.page.waitForEvent('filechooser');
    await ada.button(en.window.send.folder).click();
    await (await dialog).setFiles(lake);
    await ada.page.getByText(en.window.send.noEmptyFolders).waitFor();
    await ada.peer(ben.name).click();
    await ben.answer(ada, 'accept');
    await ada.row('lake').getByText(en.phase.send.delivered).waitFor();
    const { 'to sort': _, 'to sort/later': __, ...kept } = asTheBrowserKeepsIt(lake);
    expect(asTheBrowserKeepsIt(join(ben.inbox, 'lake'))).toEqual(kept);
  });

  test('open from the menu of a device, and what is chosen goes there at once', async () => {
    const photo = putFile(windows.path('photo.jpg'), 4_000, 8);
    await ada.peer(ben.name).click();
    const dialog = ada.page.waitForEvent('filechooser');
    await ada.page.getByRole('menuitem', { name: en.window.peers.sendFiles }).click();
    await (await dialog).setFiles([photo]);
    await ben.offer(ada).getByText('photo.jpg').waitFor();
  });
});

test('a text that is pasted is handed out to several devices, by keys alone', async () => {
  const cleo = await windows.open('Cleo');
  await ada.peer(cleo.name).waitFor();
  const { page } = ada;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => navigator.clipboard.writeText('Tram 28, at eight'));
  await page.keyboard.press('Control+V');
  await page.getByRole('heading', { name: 'Ready to send: Tram 28, at eight' }).waitFor();
  await page.getByText(en.window.send.toWhom).waitFor();
  await ada.button(en.window.peers.several).press('Enter');
  await page.getByText(en.window.send.toWhom).waitFor({ state: 'detached' });
  expect(await ada.button(en.window.peers.sendChosen_zero).isDisabled()).toBe(true);
  await ada.peer(ben.name).press('Space');
  await page.getByRole('status').getByText('1 device is chosen').waitFor();
  await ada.button('Send to 1 device').waitFor();
  const bar = page.getByRole('region', { name: en.window.send.region });
  await bar.getByText(`Goes to ${ben.name}`, { exact: true }).waitFor();
  await ada.peer(cleo.name).press('Space');
  await bar.getByText('Goes to').filter({ hasText: ben.name }).getByText(cleo.name).waitFor();
  await page.getByRole('status').getByText('2 devices are chosen').waitFor();
  await ada.button('Send to 2 devices').press('Enter');
  for (const window of [ben, cleo]) {
    await window.answer(ada, 'accept');
    const row = window.row(en.window.text.text);
    await row.getByText('Tram 28, at eight').waitFor();
  }
  await windows.close(cleo);
});

test('the window says what a browser does not carry', async () => {
  await ada.page.getByText(en.window.send.browserLine).waitFor();
});
