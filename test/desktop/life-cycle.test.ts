import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { start } from '../../electron/engine/engine.ts';
import { failure } from '../../shared/errors.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import { failureWords } from '../../electron/desktop/words.ts';
import type { DesktopApp } from '../support/electron-stand-in/desktop-app.ts';
import { hasElectron, startDesktop } from '../support/electron-stand-in/start-desktop.ts';
import { root } from '../support/electron-stand-in/desktop-app.ts';
import { writeSettings } from './homes.ts';
import { NO_SHELL } from '../support/no-shell.ts';

/** Starting, coming to the front, going away: and nothing stays behind. */

let home = '';
let app: DesktopApp | null = null;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dropline-life-'));
  await writeSettings(home, home);
});

afterEach(async () => {
  await app?.stop();
  app = null;
  await rm(home, { recursive: true, force: true });
});

async function open(): Promise<DesktopApp> {
  app = await startDesktop({ home });
  await app.page();
  return app;
}

/** Every process whose command line names the home of this test. */
async function processesAtHome(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(home));
}

// elsewhere nothing is there in which processes could be looked for
describe.skipIf(process.platform !== 'linux')(
  'the program ends with exit code 0 and leaves no process',
  () => {
    test('when its window is closed', async () => {
      const running = await open();
      await running.emit('close');
      expect(await running.exitCode).toBe(0);
      await expect.poll(processesAtHome).toEqual([]);
    });

    test('when the person quits', async () => {
      const running = await open();
      await running.emit('quit');
      expect(await running.exitCode).toBe(0);
      await expect.poll(processesAtHome).toEqual([]);
    });

    test('when the system ends it', async () => {
      const running = await open();
      expect(await processesAtHome()).not.toEqual([]);
      process.kill(running.pid, 'SIGTERM');
      expect(await running.exitCode).toBe(0);
      await expect.poll(processesAtHome).toEqual([]);
    });
  },
);

// Elsewhere the place is the system's own and cannot be moved for a test.
test.skipIf(process.platform !== 'linux')('the home is where the terminal has it', async () => {
  const place = join(home, 'Dropline');
  await mkdir(place);
  await writeSettings(place, home);
  app = await startDesktop({ home: null, env: { XDG_CONFIG_HOME: home, DROPLINE_HOME: '' } });
  await app.page();
  expect(await readdir(place)).toContain('window');
  expect((await readdir(place)).length).toBeGreaterThan(2);
});

test('the same home opens again after it was closed', async () => {
  const first = await open();
  const id = await ownId(first);
  await first.emit('quit');
  await first.exitCode;
  expect(await ownId(await open())).toBe(id);
});

async function ownId(running: DesktopApp): Promise<string> {
  const page = await running.page();
  return page.evaluate(
    () =>
      new Promise<string>((told) => {
        window.dropline.subscribe((snapshot) => {
          told(snapshot.self.id);
        });
      }),
  );
}

// Only the stand-in writes down what is done with a window, and lets a test play the second start.
describe.skipIf(hasElectron)('a second start', () => {
  test('brings the window of the first to the front', async () => {
    const running = await open();
    await running.emit('minimize');
    await running.emit('second-instance');
    await running.recorded('focus');
    expect(running.records('restore')).toHaveLength(1);
    expect(running.records('window')).toHaveLength(1);
  });

  test('ends at once and opens nothing', async () => {
    app = await startDesktop({ home, env: { STAND_IN_IS_SECOND: '1' } });
    expect(await app.exitCode).toBe(0);
    expect(app.records('window')).toEqual([]);
  });
});

// A dialog before the first window: in Electron nobody could click it.
describe.skipIf(hasElectron)('a start that fails says why, and ends with exit code 1', () => {
  const told = (code: 'HOME_LOCKED' | 'HOME_UNUSABLE', path: string) => {
    const { title, what, next } = failureWords(failure(code, { path }));
    return { type: 'error', message: title, detail: `${what}\n\n${next}` };
  };

  test('when the home cannot be used', async () => {
    const file = join(home, 'file');
    await writeFile(file, '');
    app = await startDesktop({ home: file });
    expect(await app.recorded('showMessageBox')).toMatchObject(told('HOME_UNUSABLE', file));
    await app.answer('showMessageBox', { response: 0 });
    expect(await app.exitCode).toBe(1);
    expect(app.records('window')).toEqual([]);
  });

  test('and a key that cannot be read is kept until the person chooses a new one', async () => {
    const path = join(home, 'identity.pem');
    await writeFile(path, 'damaged');
    app = await startDesktop({ home });
    expect(await app.recorded('showMessageBox')).toMatchObject({
      message: failureWords(failure('IDENTITY_UNREADABLE')).title,
      buttons: [en.desktop.tryAgain, en.desktop.newIdentity, en.desktop.quit],
      defaultId: 0,
      cancelId: 2,
    });
    await app.answer('showMessageBox', { response: 0 });
    await expect.poll(() => app?.records('showMessageBox').length).toBe(2);
    expect(await readFile(path, 'utf8')).toBe('damaged');
    await app.answer('showMessageBox', { response: 1 });
    await app.page();
    expect(await readFile(`${path}.bad`, 'utf8')).toBe('damaged');
    expect(await readFile(path, 'utf8')).toContain('PRIVATE KEY');
  });

  test('and a key that the system does not give out any more is kept, too', async () => {
    const path = join(home, 'identity.pem');
    const running = await startDesktop({ home, env: { STAND_IN_KEYRING: 'one' } });
    const page = await running.page();
    const sealed = await readFile(path, 'utf8');
    expect(sealed).toContain('SEALED PRIVATE KEY');
    await page.getByRole('button', { name: en.window.settings.title }).click();
    const kept = page.locator('[data-key-kept]');
    await expect.poll(() => kept.getAttribute('data-key-kept')).toBe('store');
    await page.getByRole('button', { name: en.window.settings.keyTo.file }).click();
    await expect.poll(() => kept.getAttribute('data-key-kept')).toBe('owner');
    expect(await readFile(path, 'utf8')).toContain('BEGIN PRIVATE KEY');
    await page.getByRole('button', { name: en.window.settings.keyTo.store }).click();
    await expect.poll(() => kept.getAttribute('data-key-kept')).toBe('store');
    await running.stop();
    app = await startDesktop({ home, env: { STAND_IN_KEYRING: 'two' } });
    expect(await app.recorded('showMessageBox')).toMatchObject({
      message: failureWords(failure('KEY_STORE_CLOSED')).title,
      buttons: [en.desktop.tryAgain, en.desktop.newIdentity, en.desktop.quit],
    });
    expect(await readFile(path, 'utf8')).toContain('SEALED PRIVATE KEY');
    await app.answer('showMessageBox', { response: 2 });
    expect(await app.exitCode).toBe(1);
  });

  test('when another Dropline runs in the same home', async () => {
    const engine = await start({
      home,
      workers: pathToFileURL(join(root, 'out/main/')),
      shell: NO_SHELL,
      listen: 'tls',
      port: 0,
      directory: home,
      discovery: false,
      interface: 'lo',
    });
    try {
      app = await startDesktop({ home });
      expect(await app.recorded('showMessageBox')).toMatchObject(told('HOME_LOCKED', home));
      await app.answer('showMessageBox', { response: 0 });
      expect(await app.exitCode).toBe(1);
    } finally {
      await engine.stop();
    }
  });
});
