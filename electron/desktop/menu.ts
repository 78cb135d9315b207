import type { MenuItemConstructorOptions } from 'electron';
import { word } from './words.ts';

type Item = MenuItemConstructorOptions;

export interface MenuActions {
  readonly send: (kind: 'files' | 'folder') => void;
  readonly show: (place: 'history' | 'settings') => void;
}

/**
 * The roles bring what is done and its usual keys. Their own names are English whatever the system
 * speaks, so each is named here.
 */
export function menuTemplate(
  options: { readonly platform: NodeJS.Platform; readonly packaged: boolean },
  actions: MenuActions,
): Item[] {
  const isMac = options.platform === 'darwin';
  const fileMenu: Item = {
    label: word('desktop.menuFile'),
    submenu: [
      ...sendItems(actions),
      { type: 'separator' },
      ...(isMac ? [] : [settingsItem(actions)]),
      historyItem(actions),
      { type: 'separator' },
      isMac
        ? { role: 'close', label: word('desktop.menu.close') }
        : { role: 'quit', label: word('desktop.quit') },
    ],
  };
  const first = isMac ? [appMenu(actions), fileMenu] : [fileMenu];
  return [...first, editMenu(), viewMenu(options.packaged), windowMenu(isMac)];
}

function sendItems({ send }: MenuActions): Item[] {
  return [
    {
      label: word('desktop.menu.sendFiles'),
      accelerator: 'CmdOrCtrl+O',
      click: () => send('files'),
    },
    {
      label: word('desktop.menu.sendFolder'),
      accelerator: 'CmdOrCtrl+Shift+O',
      click: () => send('folder'),
    },
  ];
}

function settingsItem({ show }: MenuActions): Item {
  return {
    label: word('desktop.menu.settings'),
    accelerator: 'CmdOrCtrl+,',
    click: () => show('settings'),
  };
}

/** Each system has its own keys for it: Cmd+H hides a program. */
function historyItem({ show }: MenuActions): Item {
  return {
    label: word('desktop.menu.history'),
    accelerator: 'CmdOrCtrl+Shift+H',
    click: () => show('history'),
  };
}

function appMenu(actions: MenuActions): Item {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about', label: word('desktop.menu.about') },
      { type: 'separator' },
      settingsItem(actions),
      { type: 'separator' },
      { role: 'services', label: word('desktop.menu.services') },
      { type: 'separator' },
      { role: 'hide', label: word('desktop.menu.hide') },
      { role: 'hideOthers', label: word('desktop.menu.hideOthers') },
      { role: 'unhide', label: word('desktop.menu.showAll') },
      { type: 'separator' },
      { role: 'quit', label: word('desktop.menu.quit') },
    ],
  };
}

function editMenu(): Item {
  return {
    role: 'editMenu',
    label: word('desktop.menu.edit'),
    submenu: [
      { role: 'undo', label: word('desktop.menu.undo') },
      { role: 'redo', label: word('desktop.menu.redo') },
      { type: 'separator' },
      { role: 'cut', label: word('desktop.menu.cut') },
      { role: 'copy', label: word('desktop.menu.copy') },
      { role: 'paste', label: word('desktop.menu.paste') },
      { role: 'selectAll', label: word('desktop.menu.selectAll') },
    ],
  };
}

function viewMenu(packaged: boolean): Item {
  const debugging: Item[] = packaged
    ? []
    : [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
  return {
    label: word('desktop.menuView'),
    submenu: [
      { role: 'resetZoom', label: word('desktop.menu.actualSize') },
      { role: 'zoomIn', label: word('desktop.menu.zoomIn') },
      { role: 'zoomOut', label: word('desktop.menu.zoomOut') },
      { type: 'separator' },
      { role: 'togglefullscreen', label: word('desktop.menu.fullScreen') },
      ...debugging,
    ],
  };
}

function windowMenu(isMac: boolean): Item {
  const more: Item[] = isMac
    ? [{ type: 'separator' }, { role: 'front', label: word('desktop.menu.front') }]
    : [];
  return {
    role: 'windowMenu',
    label: word('desktop.menu.window'),
    submenu: [
      { role: 'minimize', label: word('desktop.menu.minimise') },
      ...(isMac ? [] : [{ role: 'close', label: word('desktop.menu.close') } as const]),
      ...more,
    ],
  };
}
