import type { MenuItemConstructorOptions } from 'electron';
import { word } from './words.ts';

/** Roles alone: the system names them in its own language and gives them their usual keys. */
export function menuTemplate(options: {
  readonly platform: NodeJS.Platform;
  readonly packaged: boolean;
}): MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin';
  const first: MenuItemConstructorOptions = isMac
    ? { role: 'appMenu' }
    : { label: word('desktop.menuFile'), submenu: [{ role: 'quit' }] };
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  const debugging: MenuItemConstructorOptions[] = options.packaged
    ? []
    : [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
  return [
    first,
    { role: 'editMenu' },
    { label: word('desktop.menuView'), submenu: [...view, ...debugging] },
    { role: 'windowMenu' },
  ];
}
