import { expect, test } from 'vitest';
import { menuTemplate } from '../../electron/desktop/menu.ts';

const nothing = { send: () => undefined, show: () => undefined };

const rolesOf = (platform: NodeJS.Platform, packaged: boolean) =>
  menuTemplate({ platform, packaged }, nothing)
    .flatMap((item) => [item, ...(Array.isArray(item.submenu) ? item.submenu : [])])
    .map((item) => item.role);

test.each(['darwin', 'win32', 'linux'] as const)('copy, paste and quit work on %s', (platform) => {
  const roles = rolesOf(platform, true);
  expect(roles).toContain('editMenu');
  expect(roles).toContain(platform === 'darwin' ? 'appMenu' : 'quit');
});

test('developer tools are in no menu of the packaged program', () => {
  expect(rolesOf('linux', false)).toContain('toggleDevTools');
  expect(rolesOf('linux', true)).not.toContain('toggleDevTools');
});

test.each(['darwin', 'win32', 'linux'] as const)(
  'what the menu does has its keys on %s',
  (platform) => {
    const done: string[] = [];
    const actions = {
      send: (kind: string) => void done.push(kind),
      show: (place: string) => void done.push(place),
    };
    const items = menuTemplate({ platform, packaged: true }, actions)
      .flatMap((item) => (Array.isArray(item.submenu) ? item.submenu : []))
      .filter(({ accelerator }) => accelerator !== undefined);
    // each item takes what Electron gives it, and needs none of it
    for (const { click } of items) (click as () => void)();
    expect(done.sort()).toEqual(['files', 'folder', 'history', 'settings']);
    const keys = items.map(({ accelerator }) => accelerator);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain('CmdOrCtrl+,');
  },
);
