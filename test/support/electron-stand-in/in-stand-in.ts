import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { PATIENCE_MS } from '../patience.ts';
import { buildStandIn } from './build.ts';
import type { Instruction, SystemRecord } from './control.ts';
import type { DesktopApp, DesktopOptions } from './desktop-app.ts';
import { programArguments } from './desktop-app.ts';

/** Beyond what the program itself allows its engine. */
const STOP_WITHIN_MS = 10_000;

let built: Promise<string> | null = null;

export async function startInStandIn(options: DesktopOptions): Promise<DesktopApp> {
  built ??= buildStandIn();
  const register = pathToFileURL(resolve(await built, 'register.js')).href;
  const [main = '', ...args] = programArguments(options);
  const child = fork(main, args, {
    execArgv: ['--import', register],
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const log: SystemRecord[] = [];
  const changes = new EventEmitter();
  child.on('message', (entry: SystemRecord) => {
    log.push(entry);
    changes.emit('change');
  });
  const exitCode = once(child, 'exit').then(([code]) => code as number | null);
  let isOver = false;
  void exitCode.then(() => {
    isOver = true;
    changes.emit('change');
  });
  const tell = (instruction: Instruction) =>
    new Promise<void>((done) => {
      child.send(instruction, () => {
        done();
      });
    });
  const records = (kind: string) =>
    log.filter((entry) => entry.kind === kind).map((entry) => entry.value);

  async function recorded(kind: string): Promise<unknown> {
    for (;;) {
      const found = records(kind);
      if (found.length > 0) return found[0];
      if (isOver) throw new Error(`the program ended without ${kind}`);
      await once(changes, 'change');
    }
  }

  let browser: Browser | null = null;
  async function page(): Promise<Page> {
    const endpoint = String(await recorded('ready'));
    browser ??= await chromium.connectOverCDP(endpoint, { timeout: PATIENCE_MS });
    const found = browser.contexts()[0]?.pages()[0];
    if (found === undefined) throw new Error('the window has no page');
    found.setDefaultTimeout(PATIENCE_MS);
    return found;
  }

  return {
    runsOn: 'stand-in',
    page,
    records,
    recorded,
    answer: (dialog, value) => tell({ kind: 'answer', dialog, value }),
    emit: (event) => tell({ kind: 'emit', event }),
    invokeFrom: (origin, channel) => tell({ kind: 'invokeFrom', origin, channel }),
    pid: child.pid ?? 0,
    exitCode,
    async stop() {
      if (!isOver) child.kill('SIGTERM');
      const killing = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await exitCode;
      clearTimeout(killing);
      await browser?.close().catch(() => undefined);
    },
  };
}
