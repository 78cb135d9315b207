import { expect, test } from 'vitest';
import { menuTemplate } from '../../electron/desktop/menu.ts';

const rolesOf = (platform: NodeJS.Platform, packaged: boolean) =>
  menuTemplate({ platform, packaged })
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
