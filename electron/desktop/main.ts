import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserWindow } from 'electron';
import { Menu, app, powerSaveBlocker, protocol, session, shell } from 'electron';
import type { Failure } from '../../shared/errors.ts';
import { DroplineError, toFailure } from '../../shared/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { isOfIdentity, languageSetting, setIdentityAside, start } from '../engine/engine.ts';
import { AskedOfWindow } from './asked.ts';
import { askToStop, createPickers, tellStartFailure } from './dialogs.ts';
import { guardPages, guardSession } from './guards.ts';
import { HandedOver } from './handed-over.ts';
import { serveIpc } from './ipc.ts';
import { systemKeyStore } from './key-store.ts';
import { LanguageFollower } from './language.ts';
import { jumpListTasks } from './jump-list.ts';
import type { LaunchOptions, Task } from './launch-options.ts';
import { readLaunchOptions } from './launch-options.ts';
import { menuTemplate } from './menu.ts';
import { presentPrompt } from './notify.ts';
import { openLink } from './open-link.ts';
import { servePage } from './page.ts';
import { PAGE_SCHEME } from './policy.ts';
import { PromptNotices } from './prompt-notices.ts';
import { Quit, isBusy } from './quit.ts';
import { createHandlers } from './requests.ts';
import { SnapshotFeed } from './snapshot-feed.ts';
import { startOver } from './start-over.ts';
import { createSurroundings, trayActions } from './surroundings.ts';
import type { TrayActions } from './tray-menu.ts';
import { bringForward, openWindow } from './window.ts';

app.setName('Dropline');
// Windows shows notifications only of programs with an id: the one in electron-builder.yml
app.setAppUserModelId('org.dropline.desktop');
app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true } },
]);
guardPages();

/** null: there is no window yet. */
let asked: AskedOfWindow | null = null;
/** Handed over before there is one. */
const early: string[] = [];

const language = new LanguageFollower({
  systemLanguages: () => app.getPreferredSystemLanguages(),
  onSpoken: () => {
    const options = { platform: process.platform, packaged: app.isPackaged };
    const menu = menuTemplate(options, {
      send: (kind) => void asked?.pick(kind),
      show: (place) => asked?.show(place),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(menu));
    // A checkout is no program that the system could start.
    const isListed = process.platform === 'win32' && app.isPackaged;
    if (isListed) app.setUserTasks(jumpListTasks(process.execPath));
  },
});

const ownWords = app.isPackaged ? 1 : 2;
const launch = readLaunchOptions(process.argv.slice(ownWords), process.env);
// dropped on the dock, or opened with this program: macOS says so, also before it is ready
const handedOver = new HandedOver((paths) => {
  if (asked === null) early.push(...paths);
  else void asked.stage(paths);
});
app.on('open-file', (event, path) => {
  event.preventDefault();
  handedOver.add(path);
});
const homeFailure = settleHome(launch.home);

// Whoever starts a second one on the same home means the window of the first.
if (homeFailure === null && !app.requestSingleInstanceLock()) app.exit(0);
// Not awaited: Electron is ready only after this module has been evaluated.
else
  void app
    .whenReady()
    .then(() => (homeFailure === null ? run(launch) : beginWithout(homeFailure)))
    .catch((error: unknown) => giveUp(toFailure(error)));

async function run(options: LaunchOptions): Promise<void> {
  guardSession(session.defaultSession);
  protocol.handle(PAGE_SCHEME, servePage(fileURLToPath(new URL('../renderer', import.meta.url))));
  const home = app.getPath('userData');
  await language.follow(await languageSetting(home));
  const engine = await startOver({
    start: () =>
      start({
        home,
        workers: new URL('./', import.meta.url),
        shell: { reveal, openLink, keepAwake },
        listen: 'tls',
        pairs: true,
        keyStore: systemKeyStore(),
        discovery: options.discovery,
        interface: options.interface,
      }),
    isOfIdentity,
    setIdentityAside: () => setIdentityAside(home),
    tell: tellStartFailure,
  });
  if (engine === null) app.exit(1);
  else show(engine, options);
}

function show(engine: Engine, options: LaunchOptions): void {
  const isWanted = options.paths.length > 0 || early.length > 0 || options.task !== null;
  const window = openWindow({
    isHidden: !isWanted && (options.hidden || wasOpenedAtLogin()),
    onClosing: () => {
      const { closeToTray } = engine.snapshot().settings;
      if (process.platform === 'darwin' || closeToTray) window.hide();
      else void quit.request();
    },
  });
  const pickers = createPickers(window);
  const ofWindow = new AskedOfWindow({
    send: (value) => {
      if (!window.isDestroyed()) window.webContents.send('dropline:asked', value);
    },
    forward: () => {
      bringForward(window);
    },
    stagePaths: (paths) => engine.stagePaths(paths),
    pick: (kind) => pickers.pick(kind),
    nowMs: () => performance.now(),
  });
  asked = ofWindow;
  const feed = new SnapshotFeed(
    () => engine.snapshot(),
    (snapshot) => {
      if (!window.isDestroyed()) window.webContents.send('dropline:snapshot', snapshot);
    },
  );
  const notices = new PromptNotices({
    isWatching: () => window.isFocused(),
    present: (words) =>
      presentPrompt(words, () => {
        bringForward(window);
      }),
  });
  const unsubscribe = engine.subscribe((snapshot) => {
    feed.changed();
    notices.update(snapshot);
    void language.follow(snapshot.settings.language).then(() => surroundings.update(snapshot));
  });
  const quit = new Quit({
    isBusy: () => isBusy(engine.snapshot()),
    askToStop: () => {
      bringForward(window);
      return askToStop(window);
    },
    stop: async () => {
      unsubscribe();
      notices.stop();
      await engine.stop();
    },
    exit: () => {
      app.exit(0);
    },
    wait,
  });
  const actions = trayActions(engine, ofWindow, {
    quit: () => void quit.request(),
  });
  const surroundings = createSurroundings(window, actions);
  surroundings.update(engine.snapshot());
  const watched = {
    watch: () => {
      ofWindow.watch();
      return feed.watch();
    },
    seen: () => feed.seen(),
  };
  serveIpc(createHandlers(engine, pickers, watched), () =>
    window.isDestroyed() ? null : window.webContents.mainFrame,
  );
  followSystem(window, ofWindow, actions, quit);
  if (options.task !== null) actions[options.task]();
  else if (isWanted) void ofWindow.stageStarted([...options.paths, ...early.splice(0)]);
}

/** Elsewhere the line of the start says so. */
function wasOpenedAtLogin(): boolean {
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

/** What the system asks of a running program. */
function followSystem(
  window: BrowserWindow,
  ofWindow: AskedOfWindow,
  tasks: Pick<TrayActions, Task>,
  quit: Quit,
): void {
  // Whoever starts it once more wants to see it, or to send what that start was given.
  app.on('second-instance', (_event, line, directory) => {
    const { paths, hidden, task } = readLaunchOptions(line.slice(ownWords), {}, directory);
    if (task !== null) tasks[task]();
    else if (!hidden) void ofWindow.stageStarted(paths);
  });
  app.on('activate', () => {
    bringForward(window);
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    void quit.request();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void quit.now());
  }
}

/**
 * The home is the one of the terminal: an engine has one identity, whatever its face. The lock of the
 * single instance belongs to it as well, so that several can live on one machine.
 */
function settleHome(home: string | null): Failure | null {
  const path = home ?? join(app.getPath('appData'), app.getName());
  try {
    const window = join(path, 'window');
    mkdirSync(path, { recursive: true, mode: 0o700 });
    mkdirSync(window, { recursive: true, mode: 0o700 });
    app.setPath('userData', path);
    app.setPath('sessionData', window);
    return null;
  } catch (cause) {
    return toFailure(new DroplineError('HOME_UNUSABLE', { path }, { cause }));
  }
}

function reveal(path: string): Promise<void> {
  shell.showItemInFolder(path);
  return Promise.resolve();
}

/** The screen may go dark all the same. */
function keepAwake(): () => void {
  const id = powerSaveBlocker.start('prevent-app-suspension');
  return () => {
    powerSaveBlocker.stop(id);
  };
}

/** The settings, and with them the language that was chosen, are in the home. */
async function beginWithout(why: Failure): Promise<void> {
  await language.follow('system');
  await giveUp(why);
}

async function giveUp(failure: Failure): Promise<void> {
  await tellStartFailure(failure);
  app.exit(1);
}
