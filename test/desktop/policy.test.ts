import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  PAGE_ORIGIN,
  PAGE_URL,
  cspHeader,
  isTrustedSender,
  navPolicy,
  permissionPolicy,
  windowOptions,
} from '../../electron/desktop/policy.ts';

describe('the options of the window', () => {
  const options = windowOptions({ preload: '/out/preload.cjs', packaged: true });

  test('keep the page away from Node and from everything unsafe', () => {
    expect(options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
    });
    expect(options.webPreferences).not.toHaveProperty('enableBlinkFeatures');
    expect(options.webPreferences).not.toHaveProperty('additionalArguments');
  });

  test('give developer tools to developers only', () => {
    const inCheckout = windowOptions({ preload: '/out/preload.cjs', packaged: false });
    expect(options.webPreferences?.devTools).toBe(false);
    expect(inCheckout.webPreferences?.devTools).toBe(true);
  });
});

test('the content security policy lets the page run its own code and nothing else', () => {
  const policy = new Map(
    cspHeader()
      .split('; ')
      .map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources.join(' ')] as const;
      }),
  );
  expect(Object.fromEntries(policy)).toEqual({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'object-src': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
  });
  expect(cspHeader()).not.toContain('unsafe');
});

describe('navigation', () => {
  test.each([PAGE_URL, 'app://dropline/#peers', 'app://dropline/?a'])('stays at %s', (url) => {
    expect(navPolicy(url)).toBe('allow');
  });

  test.each([
    'https://dropline/',
    'http://127.0.0.1/',
    'file:///etc/passwd',
    'app://dropline.example/',
    'app://dropline/other.html',
    'app://user@dropline/',
    'app://dropline:1/',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:app://dropline/x',
    'about:blank',
    '',
  ])('never leaves for %s', (url) => {
    expect(navPolicy(url)).toBe('deny');
  });

  test('refuses whatever does not lead to the page', () => {
    const anything = fc.oneof(fc.string(), fc.webUrl());
    fc.assert(fc.property(anything, (url) => navPolicy(url) === 'deny'));
  });
});

test('no permission is granted', () => {
  const known = ['media', 'geolocation', 'notifications', 'fileSystem', 'hid', 'openExternal'];
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom(...known)), (permission) => {
      return !permissionPolicy(permission);
    }),
  );
});

describe('who may ask the main process', () => {
  const mainFrame = { origin: PAGE_ORIGIN, parent: null };

  test('is the main frame of the window while it shows the page', () => {
    expect(isTrustedSender(mainFrame, mainFrame)).toBe(true);
  });

  test.each([
    ['a frame that is gone', null, mainFrame],
    ['anyone while there is no window', mainFrame, null],
    ['no one at all', null, null],
    ['another window with the same page', { ...mainFrame }, mainFrame],
  ])('is never %s', (_who, sender, ours) => {
    expect(isTrustedSender(sender, ours)).toBe(false);
  });

  test('is never the window while something else is in it', () => {
    const elsewhere = { origin: 'https://example.org', parent: null };
    expect(isTrustedSender(elsewhere, elsewhere)).toBe(false);
  });

  test('is never a frame inside the page', () => {
    const inner = { origin: PAGE_ORIGIN, parent: mainFrame };
    expect(isTrustedSender(inner, inner)).toBe(false);
  });
});
