import { fileURLToPath } from 'node:url';
import { BrowserWindow, app } from 'electron';
import { PAGE_URL, windowOptions } from './policy.ts';

/** A page that dies is loaded anew, but one that always dies is left alone. */
const MAX_RELOADS = 3;

/** The only place that makes a window. `onClosing` decides what becomes of it: it never just goes. */
export function openWindow(onClosing: () => void): BrowserWindow {
  const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));
  const window = new BrowserWindow(windowOptions({ preload, packaged: app.isPackaged }));
  let reloads = 0;
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('close', (event) => {
    event.preventDefault();
    onClosing();
  });
  window.webContents.on('render-process-gone', () => {
    if (reloads++ < MAX_RELOADS) window.webContents.reload();
  });
  void window.loadURL(PAGE_URL);
  return window;
}

export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
