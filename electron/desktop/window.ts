import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BrowserWindow, app, screen } from 'electron';
import { openingBounds, readBounds, writeBounds } from './bounds.ts';
import { PAGE_URL, windowOptions } from './policy.ts';

/** A page that dies is loaded anew, but one that always dies is left alone. */
const MAX_RELOADS = 3;
/** While it is dragged it has another place with every frame. */
const KEEP_AFTER_MS = 500;

interface WindowPorts {
  /** Started with the session: it is shown when somebody wants it. */
  readonly isHidden: boolean;
  /** Decides what becomes of it: it never just goes. */
  readonly onClosing: () => void;
}

/** The only place that makes a window. It opens where it was. */
export function openWindow({ isHidden, onClosing }: WindowPorts): BrowserWindow {
  const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));
  const file = join(app.getPath('sessionData'), 'bounds.json');
  const was = readBounds(file);
  const areas = screensFirst().map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...windowOptions({ preload, packaged: app.isPackaged }),
    ...openingBounds(was, areas),
  });
  if (was?.isMaximized === true && !isHidden) window.maximize();
  let reloads = 0;
  window.once('ready-to-show', () => {
    if (!isHidden) window.show();
  });
  const keep = keeperOf(window, file);
  window.on('close', (event) => {
    event.preventDefault();
    keep();
    onClosing();
  });
  window.webContents.on('render-process-gone', () => {
    if (reloads++ < MAX_RELOADS) window.webContents.reload();
  });
  void window.loadURL(PAGE_URL);
  return window;
}

function screensFirst() {
  const first = screen.getPrimaryDisplay();
  return [first, ...screen.getAllDisplays().filter(({ id }) => id !== first.id)];
}

/** Keeps where it is, a while after it was moved, and at once when it is asked to. */
function keeperOf(window: BrowserWindow, file: string): () => void {
  let timer: NodeJS.Timeout | undefined;
  const keep = () => {
    clearTimeout(timer);
    if (window.isDestroyed()) return;
    writeBounds(file, { ...window.getNormalBounds(), isMaximized: window.isMaximized() });
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_AFTER_MS).unref();
  };
  window.on('resize', later);
  window.on('move', later);
  return keep;
}

export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
