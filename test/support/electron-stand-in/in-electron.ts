import { once } from 'node:events';
import type { ElectronApplication } from 'playwright-core';
import { _electron } from 'playwright-core';
import type { DesktopApp, DesktopOptions, SystemEvent } from './desktop-app.ts';
import { programArguments } from './desktop-app.ts';
import type { SystemRecord } from './control.ts';

/** Where a spy inside the program keeps what the stand-in would have recorded. */
interface Spied {
  records: SystemRecord[];
  answers: Record<string, unknown[]>;
  notifications: { emit(event: string): boolean }[];
}

export async function startInElectron(options: DesktopOptions): Promise<DesktopApp> {
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...options.env }).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
  const app = await _electron.launch({ args: programArguments(options), env });
  const process_ = app.process();
  const exitCode = once(process_, 'exit').then(([code]) => code as number | null);
  let isOver = false;
  void exitCode.then(() => (isOver = true));
  await spyOn(app);
  let log: readonly SystemRecord[] = [];
  const refresh = async () => {
    log = await app.evaluate(() => (globalThis as unknown as { spied: Spied }).spied.records);
  };
  const records = (kind: string) =>
    log.filter((entry) => entry.kind === kind).map((entry) => entry.value);
  return {
    runsOn: 'electron',
    page: () => app.firstWindow(),
    records,
    async recorded(kind) {
      for (;;) {
        if (isOver) throw new Error(`the program ended without ${kind}`);
        await refresh();
        const found = records(kind);
        if (found.length > 0) return found[0];
        await new Promise(setImmediate);
      }
    },
    answer: (dialog, value) =>
      app.evaluate(
        (_electron, given) => {
          const { answers } = (globalThis as unknown as { spied: Spied }).spied;
          (answers[given.dialog] ??= []).push(given.value);
        },
        { dialog, value },
      ),
    emit: (event) => emit(app, event),
    invokeFrom: () => Promise.reject(new Error('Electron has no frames but real ones')),
    pid: process_.pid ?? 0,
    exitCode,
    async stop() {
      if (!isOver) process_.kill('SIGKILL');
      await exitCode;
    },
  };
}

/** Stands between the program and the system's dialogs, which no test can click. */
function spyOn(app: ElectronApplication): Promise<void> {
  return app.evaluate(({ dialog, Notification, shell }) => {
    const spied: Spied = { records: [], answers: {}, notifications: [] };
    Object.assign(globalThis, { spied });
    const note = (kind: string, value: unknown) => spied.records.push({ kind, value });
    for (const kind of ['showOpenDialog', 'showMessageBox'] as const) {
      const answered = async (...args: unknown[]) => {
        note(kind, args.at(-1));
        for (;;) {
          const answers = spied.answers[kind] ?? [];
          if (answers.length > 0) return answers.shift();
          await new Promise((again) => setTimeout(again, 20));
        }
      };
      Object.assign(dialog, { [kind]: answered });
    }
    Notification.prototype.show = function () {
      note('notification', { title: this.title, body: this.body });
      spied.notifications.push(this);
    };
    shell.showItemInFolder = (path) => note('showItemInFolder', path);
  });
}

function emit(app: ElectronApplication, event: SystemEvent): Promise<void> {
  return app.evaluate(({ app: program, BrowserWindow }, name) => {
    const window = BrowserWindow.getAllWindows()[0];
    const { notifications } = (globalThis as unknown as { spied: Spied }).spied;
    if (name === 'blur') window?.blur();
    else if (name === 'minimize') window?.minimize();
    else if (name === 'close') window?.close();
    else if (name === 'quit') program.quit();
    else if (name === 'notification-click') for (const it of notifications) it.emit('click');
    else program.emit(name, {});
  }, event);
}
