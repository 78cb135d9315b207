import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandInWindow } from './browser-window.ts';
import type { Instruction } from './control.ts';
import { answerTo, instructions, record } from './control.ts';
import { ipcHandlers, preventable, protocolHandlers } from './registries.ts';

/** Takes the place of the module `electron` in the main process. Only what Dropline uses is here. */

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly #paths = new Map<string, string>();
  #name = 'Electron';
  #isReady = false;

  setAppUserModelId(id: string): void {
    record('setAppUserModelId', { id });
  }

  enableSandbox(): void {
    record('enableSandbox', { beforeReady: !this.#isReady });
  }

  setName(name: string): void {
    this.#name = name;
  }

  getName(): string {
    return this.#name;
  }

  getPath(name: string): string {
    const appData = process.env['XDG_CONFIG_HOME'] ?? tmpdir();
    return this.#paths.get(name) ?? (name === 'appData' ? appData : join(appData, name));
  }

  getPreferredSystemLanguages(): readonly string[] {
    return (process.env['STAND_IN_LANGUAGES'] ?? 'en-US').split(' ');
  }

  setPath(name: string, path: string): void {
    if (!existsSync(path)) throw new Error(`Failed to set path ${name}`);
    this.#paths.set(name, path);
  }

  requestSingleInstanceLock(): boolean {
    return process.env['STAND_IN_IS_SECOND'] === undefined;
  }

  async whenReady(): Promise<void> {
    await new Promise(setImmediate);
    this.#isReady = true;
  }

  setBadgeCount(count: number): boolean {
    record('badge', count);
    return true;
  }

  getLoginItemSettings(): { readonly wasOpenedAtLogin: boolean } {
    return { wasOpenedAtLogin: false };
  }

  quit(): void {
    const event = preventable();
    this.emit('before-quit', event);
    if (!event.isPrevented) this.exit(0);
  }

  exit(code = 0): void {
    record('exit', code);
    const windows = BrowserWindow.all.map((window) => window.destroy());
    void Promise.allSettled(windows).then(() => process.exit(code));
  }
}

export class BrowserWindow extends StandInWindow {
  static readonly all: BrowserWindow[] = [];

  constructor(options: ConstructorParameters<typeof StandInWindow>[0]) {
    const profile = join(app.getPath('sessionData'), 'chromium');
    mkdirSync(profile, { recursive: true });
    super(options, profile);
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
}

export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return true;
  }

  readonly #options: object;

  constructor(options: object) {
    super();
    this.#options = options;
  }

  show(): void {
    record('notification', this.#options);
    instructions.on('emit', this.#onEmit);
  }

  close(): void {
    record('notificationClosed', this.#options);
    instructions.off('emit', this.#onEmit);
  }

  readonly #onEmit = ({ event }: { readonly event: string }) => {
    if (event === 'notification-click') this.emit('click');
  };
}

export const app = new App();

/** A keyring only where the test names its key; one that was sealed with another key is not opened. */
export const safeStorage = {
  getSelectedStorageBackend: (): string =>
    process.env['STAND_IN_KEYRING'] === undefined ? 'basic_text' : 'gnome_libsecret',
  encryptStringAsync: (secret: string): Promise<Buffer> =>
    Promise.resolve(Buffer.from(JSON.stringify([keyring(), Buffer.from(secret).toString('hex')]))),
  decryptStringAsync: async (
    sealed: Buffer,
  ): Promise<{ result: string; shouldReEncrypt: boolean }> => {
    const [key, hex] = JSON.parse(sealed.toString()) as [string, string];
    if (key !== keyring()) throw new Error('sealed with another key');
    return Promise.resolve({ result: Buffer.from(hex, 'hex').toString(), shouldReEncrypt: false });
  },
};

function keyring(): string {
  const key = process.env['STAND_IN_KEYRING'];
  if (key === undefined) throw new Error('no keyring');
  return key;
}

/** A dialog may be given its window first. */
function openDialog(kind: string) {
  return (...args: unknown[]): Promise<unknown> => {
    record(kind, args.at(-1));
    return answerTo(kind);
  };
}

export const dialog = {
  showOpenDialog: openDialog('showOpenDialog'),
  showMessageBox: openDialog('showMessageBox'),
};

export const ipcMain = {
  handle: ipcHandlers.handle.bind(ipcHandlers),
};

export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu(menu: unknown) {
    record('menu', JSON.parse(JSON.stringify(menu)));
  },
};

export const protocol = {
  registerSchemesAsPrivileged(schemes: unknown) {
    record('schemes', schemes);
  },
  handle(scheme: string, handler: (request: Request) => Promise<Response>) {
    protocolHandlers.set(scheme, handler);
  },
};

type PermissionRequest = (
  contents: unknown,
  permission: string,
  respond: (granted: boolean) => void,
) => void;

export const session = {
  defaultSession: {
    setPermissionRequestHandler(handler: PermissionRequest) {
      handler(null, 'media', (granted) => {
        record('permissionRequest', granted);
      });
    },
    setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean) {
      record('permissionCheck', handler(null, 'media'));
    },
    setDevicePermissionHandler(handler: (details: object) => boolean) {
      record('devicePermission', handler({}));
    },
  },
};

class Image {
  resize(): this {
    return this;
  }

  setTemplateImage(): void {
    return undefined;
  }
}

export const nativeImage = {
  createFromDataURL: (url: string): Image => {
    if (!url.startsWith('data:image/png;base64,iVBOR')) throw new Error('no picture');
    return new Image();
  },
};

export const nativeTheme = {
  set themeSource(theme: string) {
    record('theme', theme);
  },
};

export const screen = {
  getPrimaryDisplay: () => ({ id: 1, workArea: { x: 0, y: 0, width: 1280, height: 800 } }),
  getAllDisplays: () => [screen.getPrimaryDisplay()],
};

interface MenuItem {
  readonly label?: string;
  readonly checked?: boolean;
  readonly submenu?: readonly MenuItem[];
  readonly click?: () => void;
}

/** What a person chooses in it is an instruction: `menu:` and the words of the item. */
export class Tray extends EventEmitter {
  #items: readonly MenuItem[] = [];

  constructor(image: unknown) {
    super();
    record('tray', image instanceof Image);
    instructions.on('emit', ({ event }: { readonly event: string }) => {
      if (event === 'tray-click') this.emit('click');
      const all = this.#items.flatMap((item) => [item, ...(item.submenu ?? [])]);
      all.find(({ label }) => event === `menu:${label ?? ''}`)?.click?.();
    });
  }

  setToolTip(words: string): void {
    record('toolTip', words);
  }

  setContextMenu(items: readonly MenuItem[]): void {
    this.#items = items;
    record('trayMenu', JSON.parse(JSON.stringify(items)));
  }
}

let blockerCount = 0;

/** As in Electron, one that is not held cannot be stopped. */
export const powerSaveBlocker = {
  start(type: string) {
    record('powerSaveStart', { id: ++blockerCount, type });
    return blockerCount;
  },
  stop(id: number) {
    record('powerSaveStop', { id });
  },
};

export const shell = {
  showItemInFolder(path: string) {
    record('showItemInFolder', path);
  },
  openExternal(url: string) {
    record('openExternal', url);
    return Promise.resolve();
  },
};

instructions.on('emit', ({ event }: Extract<Instruction, { kind: 'emit' }>) => {
  if (event === 'quit') app.quit();
  else if (event === 'activate') app.emit(event, {});
  else if (event.startsWith('second-instance')) {
    const words = JSON.parse(event.slice('second-instance'.length) || '[]') as string[];
    app.emit('second-instance', {}, ['electron', 'main.js', ...words], process.cwd());
  } else if (event.startsWith('open-file')) {
    // as macOS does it: each by itself
    const paths = JSON.parse(event.slice('open-file'.length)) as string[];
    for (const path of paths) app.emit('open-file', preventable(), path);
  }
});

instructions.on('invokeFrom', (asked: Extract<Instruction, { kind: 'invokeFrom' }>) => {
  const frame = { origin: asked.origin, parent: null };
  void ipcHandlers.invoke(asked.channel, frame, null).then(
    (answer) => {
      record('invoked', answer);
    },
    (error: unknown) => {
      record('invoked', String(error));
    },
  );
});
