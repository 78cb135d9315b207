import { expect, test } from 'vitest';
import type { BrowserHost } from '../../electron/gateway/open-browser.ts';
import { launchDetached, openBrowser } from '../../electron/gateway/open-browser.ts';

const URL_WITH_TOKEN = 'http://127.0.0.1:5000/?token=a&b|c';

interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

function hostThat(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  succeeds = true,
): BrowserHost & { readonly launches: Launch[] } {
  const launches: Launch[] = [];
  const launch = async (command: string, args: readonly string[]): Promise<boolean> => {
    launches.push({ command, args });
    return succeeds;
  };
  return { platform, env, launches, launch };
}

test.each<readonly [NodeJS.Platform, NodeJS.ProcessEnv, Launch]>([
  ['linux', { DISPLAY: ':0' }, { command: 'xdg-open', args: [URL_WITH_TOKEN] }],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, { command: 'xdg-open', args: [URL_WITH_TOKEN] }],
  ['freebsd', { DISPLAY: ':0' }, { command: 'xdg-open', args: [URL_WITH_TOKEN] }],
  ['darwin', {}, { command: '/usr/bin/open', args: [URL_WITH_TOKEN] }],
])('on %s the address is one argument of the opener', async (platform, env, expected) => {
  const host = hostThat(platform, env);
  expect(await openBrowser(URL_WITH_TOKEN, host)).toBe(true);
  expect(host.launches).toEqual([expected]);
});

test('on Windows the opener is called by its full path', async () => {
  const host = hostThat('win32', { SystemRoot: 'D:\\Windows' });
  expect(await openBrowser(URL_WITH_TOKEN, host)).toBe(true);
  expect(host.launches[0]!.command).toMatch(/^D:\\Windows.System32.rundll32\.exe$/);
  expect(host.launches[0]!.args).toEqual(['url.dll,FileProtocolHandler', URL_WITH_TOKEN]);
});

test.each([{}, { DISPLAY: '' }, { DISPLAY: '', WAYLAND_DISPLAY: '' }])(
  'with no screen nothing is launched: %j',
  async (env) => {
    const host = hostThat('linux', env);
    expect(await openBrowser(URL_WITH_TOKEN, host)).toBe(false);
    expect(host.launches).toEqual([]);
  },
);

test('an opener that fails is told', async () => {
  expect(await openBrowser(URL_WITH_TOKEN, hostThat('darwin', {}, false))).toBe(false);
});

test('an encrypted address is opened as well', async () => {
  const host = hostThat('darwin', {});
  expect(await openBrowser('https://example.org/a?b=c', host)).toBe(true);
  expect(host.launches).toHaveLength(1);
});

test('nothing but an address of the web is ever handed to an opener', async () => {
  for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'mailto:a@b']) {
    const host = hostThat('darwin', {});
    expect(await openBrowser(url, host)).toBe(false);
    expect(host.launches).toEqual([]);
  }
});

test('a program that ends well has opened it; one that fails or is not there has not', async () => {
  const node = process.execPath;
  expect(await launchDetached(node, ['-e', 'process.exit(0)'])).toBe(true);
  expect(await launchDetached(node, ['-e', 'process.exit(3)'])).toBe(false);
  expect(await launchDetached('/nowhere/no-such-opener', [])).toBe(false);
});
