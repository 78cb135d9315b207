import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { expect, inject } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { start } from '../../electron/engine/engine.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import { startConsole } from '../../electron/gateway/console.ts';
import { HeldWire } from './held-wire.ts';
import { CHROMIUM_SWITCHES } from './chromium-switches.ts';
import { TestWindow } from './test-window.ts';
import { leftovers } from './trees.ts';
import { NO_SHELL } from './no-shell.ts';
import { PATIENCE_MS } from './patience.ts';

/** Whole engines with their windows, side by side in one real browser: real sockets, real disks. */

const rendererDirectory = pathToFileURL(`${resolve(import.meta.dirname, '../../out/renderer')}/`);

interface WindowOptions {
  /** Looks around and is seen; true unless a test needs a device that nobody finds. */
  readonly discovery?: boolean;
  /** How long a device is not heard after a no; a test declines often. */
  readonly declineBackOffMs?: number;
  /** Codes are compared; false unless a test is about that: each send would bring one more prompt. */
  readonly pairs?: boolean;
  /** A home that nobody has been in yet. */
  readonly isNew?: boolean;
}

export class Windows {
  readonly folder = mkdtempSync(join(tmpdir(), 'dropline-windows-'));
  readonly #browser: Browser;
  readonly #windows = new Set<TestWindow>();
  readonly #wires = new Map<HeldWire, Engine>();

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<Windows> {
    const executablePath = process.env['CHROME_PATH'];
    if (executablePath === undefined) throw new Error('No Chromium: see build/setup/browser.js.');
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_SWITCHES] });
    return new Windows(browser);
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** The name gets an ending of its own: other tests may announce devices on this computer too. */
  async open(givenName: string, options: WindowOptions = {}): Promise<TestWindow> {
    const name = `${givenName} ${randomBytes(3).toString('hex')}`;
    const inbox = this.path(`${name} inbox`);
    await mkdir(inbox);
    const home = this.path(`${name} home`);
    const isNew = options.isNew ?? false;
    if (isNew) await writeNewHome(home, name, inbox);
    const revealed: string[] = [];
    const opened: string[] = [];
    const engine = await start({
      home,
      workers: new URL(inject('workers')),
      shell: {
        ...NO_SHELL,
        reveal: async (path) => void revealed.push(path),
        openLink: async (href) => void opened.push(href),
      },
      listen: 'tls',
      port: 0,
      deviceName: isNew ? null : name,
      directory: isNew ? null : inbox,
      discovery: options.discovery ?? true,
      pairs: options.pairs ?? false,
      interface: '127.0.0.1',
      declineBackOffMs: options.declineBackOffMs ?? 0,
    });
    const console = await startConsole({ engine, rendererDirectory, port: 0 });
    const context = await this.#browser.newContext({
      viewport: { width: 960, height: 680 },
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const window = new TestWindow({ inbox, engine, console, page, revealed, opened });
    this.#windows.add(window);
    await page.goto(console.url);
    return window;
  }

  /** Two that know each other. */
  async openPair(
    name = 'Ada',
    options: WindowOptions = {},
  ): Promise<readonly [TestWindow, TestWindow]> {
    const [one, two] = await Promise.all([this.open(name, options), this.open('Ben', options)]);
    await Promise.all([one.peer(two.name).waitFor(), two.peer(one.name).waitFor()]);
    return [one, two];
  }

  /** Lists `to` in the window once more, by the address of a wire that holds what goes over it. */
  async holdWire(from: TestWindow, to: Engine, heldAfterBytes: number): Promise<HeldWire> {
    const wire = await HeldWire.open(to.snapshot().self.port ?? 0, heldAfterBytes);
    this.#wires.set(wire, from.engine);
    await from.engine.commands.addPeer({ address: wire.address });
    return wire;
  }

  /** What no test may leave behind: a complaint in a console, an unexpected device, a transfer. */
  async settle(): Promise<void> {
    for (const wire of this.#wires.keys()) await wire.stop();
    for (const window of this.#windows) await window.settle();
    // A device that shows itself, too, hides what was added: it would stand there again once it is gone.
    for (const [wire, engine] of this.#wires)
      await engine.commands.removePeer({ key: `address:${wire.address}` });
    this.#wires.clear();
  }

  async close(window: TestWindow): Promise<void> {
    this.#windows.delete(window);
    const { isStopped } = window;
    await window.close();
    if (!isStopped) expect(leftovers(window.inbox)).toEqual([]);
  }

  async stop(): Promise<void> {
    try {
      for (const window of [...this.#windows]) await this.close(window);
    } finally {
      await this.#browser.close();
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

/** It has a name and a folder, away from the person's own, and nobody has been asked about them. */
async function writeNewHome(home: string, deviceName: string, directory: string): Promise<void> {
  await mkdir(home);
  const settings = settingsSchema.parse({ deviceName, directory, isWelcomed: false });
  await writeFile(join(home, 'settings.json'), JSON.stringify(settings));
}
