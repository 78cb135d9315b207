import type { BrowserWindow } from 'electron';
import { Menu, Tray, app, nativeImage, nativeTheme } from 'electron';
import type { Engine } from '../engine/engine.ts';
import type { AskedOfWindow } from './asked.ts';
import { HIDDEN, autostartFile, programFile, setAutostart } from './login-item.ts';
import { OVERLAY_ICON } from './overlay-icon.ts';
import type { Standing } from './standing.ts';
import { SystemState } from './system-state.ts';
import { TRAY_ICON } from './tray-icon.ts';
import type { TrayActions } from './tray-menu.ts';
import { dockMenu, standingWords, trayMenu } from './tray-menu.ts';

/** Puts into the tray, the task bar and the dock what they show; answers what keeps them so. */
export function createSurroundings(window: BrowserWindow, actions: TrayActions): SystemState {
  const tray = new Tray(trayImage());
  const waiting = nativeImage.createFromDataURL(OVERLAY_ICON);
  tray.on('click', actions.open);
  return new SystemState({
    showStanding: (standing, settings) => {
      tray.setToolTip(`Dropline: ${standingWords(standing)}`);
      tray.setContextMenu(Menu.buildFromTemplate(trayMenu(standing, settings, actions)));
      app.dock?.setMenu(Menu.buildFromTemplate(dockMenu(actions)));
      app.setBadgeCount(standing.waiting);
      if (window.isDestroyed()) return;
      showProgress(window, standing);
      // of Windows only, where no number can be shown: elsewhere it does nothing
      const isWaiting = standing.waiting > 0;
      window.setOverlayIcon(isWaiting ? waiting : null, isWaiting ? standingWords(standing) : '');
    },
    setTheme: (theme) => {
      nativeTheme.themeSource = theme;
    },
    setOpenAtLogin,
  });
}

/** What a person does from outside the window. */
export function trayActions(
  engine: Engine,
  ofWindow: AskedOfWindow,
  { quit }: { readonly quit: () => void },
): TrayActions {
  return {
    quit,
    open: () => void ofWindow.stage([]),
    sendFiles: () => void ofWindow.pick('files'),
    sendFolder: () => void ofWindow.pick('folder'),
    showFolder: () => {
      engine.commands.revealFolder({}).catch(() => undefined);
    },
    setVisibility: (visibility) => {
      // what goes wrong shows in the menu: it keeps the choice that holds
      engine.commands.setSettings({ visibility }).catch(() => undefined);
    },
  };
}

function showProgress(window: BrowserWindow, { fraction, underWay, isPaused }: Standing): void {
  // below 0: none; above 1: it moves, and nobody knows how far
  if (underWay === 0) window.setProgressBar(-1);
  else window.setProgressBar(fraction ?? 2, { mode: isPaused ? 'paused' : 'normal' });
}

function trayImage() {
  const isMac = process.platform === 'darwin';
  const image = nativeImage.createFromDataURL(isMac ? TRAY_ICON.mask : TRAY_ICON.colour);
  if (!isMac) return image;
  const small = image.resize({ width: 18, height: 18 });
  small.setTemplateImage(true);
  return small;
}

/** A checkout is no program that the system could start. */
function setOpenAtLogin(isOn: boolean): void {
  if (!app.isPackaged) return;
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: isOn, args: [HIDDEN] });
    return;
  }
  try {
    setAutostart(isOn, autostartFile(process.env), programFile(process.env, process.execPath));
  } catch {
    // the folder is not ours to write to: the person sees at the next login that nothing starts
  }
}
