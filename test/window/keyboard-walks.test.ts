import { mkdirSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { jpegOf } from '../support/pictures.ts';
import type { TestWindow } from '../support/test-window.ts';
import { Windows } from '../support/windows.ts';

/** Whole ways through the window that no mouse takes part in, and what a screen reader says on them. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

beforeEach(() => Promise.all([ada, ben].map(listen)));
afterEach(() => windows.settle());
afterAll(() => windows.stop());

/** More than either window has. */
const MAX_STOPS = 80;

/** What has the focus, by the name that is read out; '': nothing. */
function focused({ page }: TestWindow): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return '';
    const label = 'labels' in at ? (at.labels as NodeListOf<Element> | null)?.[0] : undefined;
    return (at.getAttribute('aria-label') ?? label?.textContent ?? at.textContent).trim();
  });
}

async function tabTo(window: TestWindow, name: string | RegExp): Promise<void> {
  for (let stop = 0; stop < MAX_STOPS; stop += 1) {
    const at = await focused(window);
    if (typeof name === 'string' ? at === name : name.test(at)) return;
    await window.page.keyboard.press('Tab');
  }
  expect.fail(`Tab never comes to ${String(name)}`);
}

async function press(window: TestWindow, name: string | RegExp, key = 'Enter'): Promise<void> {
  await tabTo(window, name);
  await window.page.keyboard.press(key);
}

/** Writes down what is said from now on, word for word, where a screen reader listens. */
async function listen({ page }: TestWindow): Promise<void> {
  await page.evaluate(() => {
    const spoken: string[] = [];
    Object.assign(window, { spoken });
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const place = target instanceof Element ? target : target.parentElement;
        const said = place?.closest('[role=status], [role=alert], [aria-live]')?.textContent ?? '';
        if (said !== '' && spoken.at(-1) !== said) spoken.push(said);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

const spoken = ({ page }: TestWindow) =>
  page.evaluate(() => (window as unknown as { readonly spoken: readonly string[] }).spoken);

/** An offer that has just come takes no answer yet. */
const isArmed = () => ben.page.locator('[data-arming]').first().waitFor({ state: 'detached' });

/** By their paths, as a desktop does: nobody presses anything for it. */
async function send(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  mkdirSync(windows.path(name));
  for (const [file, bytes] of Object.entries(files)) {
    writeFileSync(windows.path(name, file), bytes);
  }
  const { selectionId } = await ada.engine.stagePaths([windows.path(name)]);
  const port = ben.engine.snapshot().self.port ?? 0;
  const to = { kind: 'address', host: '127.0.0.1', port, expectedPeerId: null } as const;
  await ada.engine.commands.send({ selectionId, to, mode: 'tls' });
  await ben.offer(ada).waitFor();
}

test('a stranger’s pictures are seen, two of four are chosen, and those are accepted', async () => {
  const picture = jpegOf(40, 30);
  const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'];
  await send('album', Object.fromEntries(names.map((name) => [name, picture])));
  const offer = ben.offer(ada);
  await press(ben, 'Show 4 pictures');
  await expect.poll(() => offer.locator('img').count()).toBe(4);
  // what was pressed keeps the focus, under its new name
  expect(await focused(ben)).toBe(en.window.offer.hidePictures);
  await press(ben, en.window.offer.choose);
  const { keyboard } = ben.page;
  await tabTo(ben, en.window.offer.tree);
  await keyboard.press('ArrowRight');
  await offer.getByRole('treeitem').filter({ hasText: 'd.jpg' }).waitFor();
  for (const key of ['ArrowDown', 'Space', 'ArrowDown', 'Space']) await keyboard.press(key);
  await offer.getByRole('status').getByText('2 of 4 files chosen').waitFor();
  await isArmed();
  // the window says so: a key that was meant for something else takes nothing from a stranger
  await press(ben, /^Accept 2 of 4/, 'Space');
  await ben.row('album').getByText(en.phase.receive.delivered).waitFor();
  expect(readdirSync(`${ben.inbox}/album`).sort()).toEqual(['c.jpg', 'd.jpg']);
});

test('the files of a send are searched and filtered, and those that failed are offered again', async () => {
  const bytes = new Uint8Array(9);
  await send('trip', { 'a.txt': bytes, 'b.txt': bytes, 'c.txt': bytes });
  unlinkSync(windows.path('trip', 'c.txt'));
  await isArmed();
  await press(ben, en.window.offer.accept, 'Space');
  await ada.button('Retry 1 failed: trip').waitFor();
  await press(ada, 'Files of trip');
  const { keyboard } = ada.page;
  const rows = ada.page.getByRole('list', { name: 'Files of trip' }).getByRole('listitem');
  await expect.poll(() => rows.count()).toBe(3);
  await tabTo(ada, en.window.files.search);
  await keyboard.type('b.txt');
  await expect.poll(() => rows.allInnerTexts()).toEqual([expect.stringContaining('b.txt')]);
  await keyboard.press('Escape');
  await expect.poll(() => rows.count()).toBe(3);
  await tabTo(ada, /^All 3/);
  await keyboard.press('ArrowRight');
  await expect.poll(() => rows.allInnerTexts()).toEqual([expect.stringContaining('c.txt')]);
  writeFileSync(windows.path('trip', 'c.txt'), bytes);
  await press(ada, 'Retry 1 failed: trip');
  await ben.offer(ada).getByText('1 file').first().waitFor();
  expect(await focused(ada)).not.toBe('');
});

test('what is said of a transfer is how far it has come in words, and never in figures', async () => {
  const wire = await windows.holdWire(ada, ben.engine, 2_000_000);
  writeFileSync(windows.path('film.mp4'), new Uint8Array(4_000_000));
  const { selectionId } = await ada.engine.stagePaths([windows.path('film.mp4')]);
  const [host = '', port = ''] = wire.address.split(':');
  const to = { kind: 'address', host, port: Number(port), expectedPeerId: null } as const;
  await ada.engine.commands.send({ selectionId, to, mode: 'tls' });
  await ben.offer(ada).waitFor();
  await isArmed();
  await press(ben, en.window.offer.accept, 'Space');
  const bar = ada.row('film.mp4').getByRole('progressbar');
  await expect
    .poll(async () => Number(await bar.getAttribute('aria-valuenow')))
    .toBeGreaterThan(25);
  wire.letGo();
  await ada.row('film.mp4').getByText(en.phase.send.delivered).waitFor();
  await ben.row('film.mp4').getByText(en.phase.receive.delivered).waitFor();
  for (const [window, direction] of [
    [ada, 'send'],
    [ben, 'receive'],
  ] as const) {
    const said = (await spoken(window)).filter((words) => words.includes('film.mp4'));
    const phases = en.phase[direction];
    for (const phase of [phases.transferring, phases.delivered]) {
      expect(said.filter((words) => words.endsWith(phase))).toHaveLength(1);
    }
    expect(said.filter((words) => /\d\s*%|\d [kM]B/.test(words))).toEqual([]);
  }
});

test('the network interface is chosen, and it is said what that means', async () => {
  await press(ben, en.window.self.settings);
  await tabTo(ben, en.window.settings.interface);
  const field = ben.page.getByLabel(en.window.settings.interface, { exact: true });
  expect(await field.evaluate((it) => it === document.activeElement)).toBe(true);
  const told = (await field.getAttribute('aria-describedby')) ?? '';
  const ids = told.split(' ').filter((id) => id !== '');
  const words = await Promise.all(ids.map((id) => ben.page.locator(`[id="${id}"]`).innerText()));
  expect(words.join(' ')).toContain(en.window.settings.interfaceAllMore);
  await ben.page.keyboard.press('Escape');
  await ben.button(en.window.self.settings).waitFor();
});
