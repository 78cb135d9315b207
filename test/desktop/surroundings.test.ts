import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import type { DesktopApp } from '../support/electron-stand-in/desktop-app.ts';
import { hasElectron, startDesktop } from '../support/electron-stand-in/start-desktop.ts';
import { putFile } from '../support/trees.ts';
import { writeSettings } from './homes.ts';

/** The program as the system around it has it: tray, other starts, the place of its window. */

let home = '';
let app: DesktopApp | null = null;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dropline-around-'));
  await writeSettings(home, home);
});

afterEach(async () => {
  await app?.stop();
  app = null;
  await rm(home, { recursive: true, force: true });
});

// Only the stand-in writes down what is asked of the system, and plays its part.
describe.skipIf(hasElectron)('around the window', () => {
  test('the tray tells how it stands, sends, and changes who sees this device', async () => {
    app = await startDesktop({ home });
    const page = await app.page();
    expect(await app.recorded('tray')).toBe(true);
    expect(await app.recorded('toolTip')).toBe(`Dropline: ${en.desktop.tray.idle}`);
    expect(app.records('progressBar').at(-1)).toMatchObject({ fraction: -1 });
    expect(app.records('overlay').at(-1)).toEqual({ isShown: false, words: '' });
    await app.emit(`menu:${en.window.visibility.hidden}`);
    await page.getByText(en.window.self.hiddenAs).waitFor();
    await app.emit(`menu:${en.desktop.menu.sendFiles}`);
    await app.recorded('showOpenDialog');
    const path = putFile(join(home, 'from the tray.txt'), 5);
    await app.answer('showOpenDialog', { canceled: false, filePaths: [path] });
    await page.getByRole('heading', { name: 'Ready to send: from the tray.txt' }).waitFor();
    await app.emit(`menu:${en.desktop.tray.folder}`);
    expect(await app.recorded('showItemInFolder')).toBe(home);
    await app.emit(`menu:${en.desktop.menu.quit}`);
    expect(await app.exitCode).toBe(0);
  });

  test('what another start, or the dock, is given waits in the window', async () => {
    app = await startDesktop({ home });
    const page = await app.page();
    await page.getByRole('button', { name: en.window.self.settings }).click();
    const first = putFile(join(home, 'first.txt'), 5);
    await app.emit(`second-instance${JSON.stringify([first])}`);
    await page.getByRole('heading', { name: 'Ready to send: first.txt' }).waitFor();
    const second = putFile(join(home, 'second.txt'), 5);
    await app.emit(`open-file${JSON.stringify([second])}`);
    await page.getByRole('heading', { name: 'Ready to send: second.txt' }).waitFor();
    await app.emit(`open-file${JSON.stringify([first, second])}`);
    await page.getByRole('heading', { name: 'Ready to send: first.txt and 1 more' }).waitFor();
    await app.emit(`second-instance${JSON.stringify([pathToFileURL(second).href])}`);
    await page.getByRole('heading', { name: 'Ready to send: second.txt' }).waitFor();
    await app.emit(`second-instance${JSON.stringify([join(home, 'gone.txt')])}`);
    await page.getByText(en.error.PATH_NOT_FOUND.title).waitFor();
  });

  test('what another start is to begin is begun', async () => {
    app = await startDesktop({ home });
    const page = await app.page();
    await app.emit(`second-instance${JSON.stringify(['--task', 'sendFolder'])}`);
    expect(await app.recorded('showOpenDialog')).toMatchObject({
      title: en.desktop.pickFolder,
    });
    const path = putFile(join(home, 'picked', 'by a task.txt'), 5);
    await app.answer('showOpenDialog', { canceled: false, filePaths: [dirname(path)] });
    await page.getByRole('heading', { name: 'Ready to send: picked' }).waitFor();
    await app.emit(`second-instance${JSON.stringify(['--task=showFolder'])}`);
    expect(await app.recorded('showItemInFolder')).toBe(home);
  });

  test('a closed window leaves the program running where that is set, and the tray opens it', async () => {
    await writeSettings(home, home, { closeToTray: true, theme: 'dark' });
    app = await startDesktop({ home });
    await app.page();
    expect(await app.recorded('theme')).toBe('dark');
    await app.emit('close');
    await app.recorded('hide');
    const shown = app.records('show').length;
    await app.emit('tray-click');
    await expect.poll(() => app?.records('show').length).toBe(shown + 1);
    await app.emit('quit');
    expect(await app.exitCode).toBe(0);
  });

  test('the window opens where it was closed', async () => {
    app = await startDesktop({ home });
    await app.page();
    await app.emit('move120,90');
    await app.emit('close');
    await app.exitCode;
    const kept = JSON.parse(await readFile(join(home, 'window', 'bounds.json'), 'utf8')) as object;
    expect(kept).toMatchObject({ x: 120, y: 90, isMaximized: false });
    app = await startDesktop({ home });
    expect(await app.recorded('window')).toMatchObject({ x: 120, y: 90 });
    await app.page();
  });
});
