import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DesktopApi } from '../../shared/contract.ts';
import type { DesktopApp } from '../support/electron-stand-in/desktop-app.ts';
import { hasElectron, startDesktop } from '../support/electron-stand-in/start-desktop.ts';
import { writeSettings } from './homes.ts';

/** The real main.ts and preload.ts round the real page: what the page can do, and what it cannot. */

declare global {
  interface Window {
    readonly dropline: DesktopApi<File>;
    ran?: number;
    violations?: string[];
  }
}

let home = '';
let app: DesktopApp;
let page: Page;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dropline-window-'));
  await writeSettings(home, home);
  app = await startDesktop({ home });
  page = await app.page();
});

afterAll(async () => {
  await app.stop();
  await rm(home, { recursive: true, force: true });
});

describe('the page', () => {
  test('is the window of Dropline', async () => {
    await expect.poll(() => page.title()).toBe('Dropline');
    await page.locator('#window > *').first().waitFor();
  });

  test('has the seven functions of the contract and nothing of Node', async () => {
    const seen = await page.evaluate(() => ({
      face: window.dropline.face,
      names: Object.keys(window.dropline).sort(),
      frozen: Object.isFrozen(window.dropline),
      node: ['require', 'process', 'Buffer', 'module', 'global', 'ipcRenderer'].filter(
        (name) => name in window,
      ),
    }));
    expect(seen).toEqual({
      face: 'desktop',
      names: [
        'call',
        'chooseFolder',
        'face',
        'onAsked',
        'pick',
        'stageFiles',
        'stagePasted',
        'subscribe',
      ],
      frozen: true,
      node: [],
    });
  });

  test('cannot replace what it was given', async () => {
    const results = await page.evaluate(() => {
      const replaced = () => 'replaced';
      const results = [
        Reflect.set(window, 'dropline', { call: replaced }),
        Reflect.set(window.dropline, 'call', replaced),
        Reflect.deleteProperty(window.dropline, 'call'),
      ];
      return [...results, (window.dropline.call as unknown) === replaced];
    });
    expect(results).toEqual([false, false, false, false]);
  });

  test('is told how things stand, at once and whenever they change', async () => {
    const name = await page.evaluate(async () => {
      const names: string[] = [];
      let leave: () => void = () => undefined;
      await new Promise<void>((heard) => {
        leave = window.dropline.subscribe((snapshot) => {
          names.push(snapshot.self.name);
          if (names.length === 1) void window.dropline.call('setSettings', { deviceName: 'Zoë' });
          if (snapshot.self.name === 'Zoë') heard();
        });
      });
      leave();
      return names.at(-1);
    });
    expect(name).toBe('Zoë');
  });
});

describe('a request that is not in the contract is refused', () => {
  test.each([
    ['a command that does not exist', 'stop', {}],
    ['a command without its input', 'cancel', {}],
    ['a path instead of an id', 'setDirectory', { folderId: '/etc' }],
  ])('%s', async (_what, name, input) => {
    const answer = await page.evaluate(
      ([command, given]) => window.dropline.call(command as 'cancel', given as never),
      [name, input] as const,
    );
    expect(answer).toMatchObject({ ok: false, failure: { code: 'WRONG_USAGE' } });
  });

  test('a file that the page made itself has no path and is not taken', async () => {
    const answer = await page.evaluate(() =>
      window.dropline.stageFiles([new File(['x'], 'passwd'), new File(['x'], '/etc/passwd')]),
    );
    expect(answer).toEqual({
      ok: false,
      failure: { code: 'PATH_NOT_FOUND', details: { path: 'passwd' } },
    });
  });

  test('something that only looks like a file is not taken', async () => {
    const answer = await page.evaluate(() =>
      window.dropline.stageFiles([{ name: 'x', path: '/etc/passwd' } as unknown as File]),
    );
    expect(answer).toMatchObject({ ok: false, failure: { code: 'PATH_NOT_FOUND' } });
  });

  // Only the stand-in can speak for a frame that does not exist.
  test.skipIf(hasElectron)('a frame that is not the page is not heard', async () => {
    await app.invokeFrom('app://dropline', 'dropline:watch');
    expect(await app.recorded('invoked')).toMatchObject({
      ok: false,
      failure: { code: 'WRONG_USAGE' },
    });
  });
});

describe('code that got into the page', () => {
  test('does not run, and is reported', async () => {
    await page.evaluate(async () => {
      window.ran = 0;
      window.violations = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        window.violations?.push(event.effectiveDirective);
      });
      const attempts = [
        () => {
          const script = document.createElement('script');
          script.append('window.ran += 1');
          document.body.append(script);
        },
        () => {
          const image = document.createElement('img');
          image.setAttribute('onerror', 'window.ran += 1');
          image.src = 'missing.png';
          document.body.append(image);
        },
        () => {
          // The policy demands trusted types: plain text is refused before it is parsed.
          Reflect.set(document.body, 'innerHTML', '<img src=x onerror="window.ran += 1">');
        },
        () => {
          const beacon = document.createElement('img');
          beacon.src = 'https://example.org/seen.png';
          document.body.append(beacon);
        },
        () => {
          const style = document.createElement('style');
          style.append('body { background: url(https://example.org/seen.png) }');
          document.head.append(style);
        },
        () => {
          Reflect.get(window, 'eval')('window.ran += 1');
        },
      ];
      // Each in a task of its own: code that a debugger evaluates is above the policy.
      for (const attempt of attempts) {
        await new Promise<void>((done) =>
          setTimeout(() => {
            try {
              attempt();
            } catch {
              // Refused on the spot, as it should be.
            }
            done();
          }),
        );
      }
      await fetch(window.location.href).catch(() => undefined);
    });
    const expected = ['connect-src', 'img-src', 'require-trusted-types-for', 'style-src-elem'];
    await expect
      .poll(async () => new Set(await page.evaluate(() => window.violations)))
      .toEqual(new Set(expected));
    expect(await page.evaluate(() => window.ran)).toBe(0);
  });

  test('cannot lead the window elsewhere', async () => {
    const before = page.url();
    await page.evaluate(() => {
      window.location.href = 'https://example.org/';
    });
    await page.evaluate(() => {
      window.open('https://example.org/');
    });
    await page.locator('#window > *').first().waitFor();
    expect(page.url()).toBe(before);
    await expect.poll(() => page.context().pages().length).toBe(1);
    if (hasElectron) return;
    const refused = { url: 'https://example.org/', isPrevented: true };
    expect(await app.recorded('navigation')).toEqual(refused);
    expect(await app.recorded('windowOpen')).toEqual({ action: 'deny' });
  });
});

// The stand-in writes down what Electron has no way to tell.
describe.skipIf(hasElectron)('the program', () => {
  test('turns the sandbox on before anything else', async () => {
    expect(await app.recorded('enableSandbox')).toEqual({ beforeReady: true });
  });

  test('gives its page a scheme of its own with no more rights than it needs', () => {
    expect(app.records('schemes')).toEqual([
      [{ scheme: 'app', privileges: { standard: true, secure: true } }],
    ]);
  });

  test('grants no permission', () => {
    const kinds = ['permissionRequest', 'permissionCheck', 'devicePermission'];
    expect(kinds.flatMap((kind) => app.records(kind))).toEqual([false, false, false]);
  });

  test('asks nothing of any network', () => {
    expect(app.records('request')).toEqual([]);
  });

  test('makes one window, which shows itself when there is something to see', () => {
    expect(app.records('window')).toHaveLength(1);
    expect(app.records('window')[0]).toMatchObject({ show: false });
    expect(app.records('show')).toHaveLength(1);
  });
});
