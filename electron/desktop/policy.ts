import type { BrowserWindowConstructorOptions } from 'electron';

/** Every security decision of the desktop face, as plain functions on plain values. */

export const PAGE_SCHEME = 'app';
export const PAGE_ORIGIN = 'app://dropline';
export const PAGE_URL = `${PAGE_ORIGIN}/`;

export function windowOptions(options: {
  readonly preload: string;
  readonly packaged: boolean;
}): BrowserWindowConstructorOptions {
  return {
    title: 'Dropline',
    width: 960,
    height: 680,
    minWidth: 420,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      // A dropped file must reach the page's own drop handler, never replace the page.
      navigateOnDragDrop: false,
      devTools: !options.packaged,
      spellcheck: false,
    },
  };
}

const CSP: Readonly<Record<string, string>> = {
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
};

export function cspHeader(): string {
  return Object.entries(CSP)
    .map(([directive, value]) => `${directive} ${value}`)
    .join('; ');
}

/** The window shows one page. Everything else, another page of our own included, is refused. */
export function navPolicy(url: string): 'allow' | 'deny' {
  try {
    const { protocol, host, pathname, username, password } = new URL(url);
    const ours = protocol === `${PAGE_SCHEME}:` && host === 'dropline';
    return ours && pathname === '/' && username === '' && password === '' ? 'allow' : 'deny';
  } catch {
    return 'deny';
  }
}

/** None: what the system must be asked for is asked by the main process, never by the page. */
const PERMISSIONS: ReadonlySet<string> = new Set();

export function permissionPolicy(permission: string): boolean {
  return PERMISSIONS.has(permission);
}

/** The part of Electron's WebFrameMain that says who speaks. */
export interface Sender {
  readonly origin: string;
  readonly parent: unknown;
}

/**
 * Only the main frame of our window, while it shows our page, may ask for anything. Both frames must
 * be read before the first await: Electron answers null for a frame that has navigated since.
 */
export function isTrustedSender(sender: Sender | null, mainFrame: Sender | null): boolean {
  return (
    sender !== null &&
    sender === mainFrame &&
    sender.parent === null &&
    sender.origin === PAGE_ORIGIN
  );
}
