import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import en from '../../../shared/text/en.json' with { type: 'json' };
import { CHROMIUM_SWITCHES } from '../../support/chromium-switches.ts';
import { startReceiver } from '../peers/dropline-process.ts';
import type { Place } from '../place.ts';
import type { Program } from '../programs.ts';
import { makeSmallFiles } from '../sources.ts';
import type { Bundle } from './bundle.ts';
import { bundleOf } from './bundle.ts';

const IDLE_MS = 10_000;
const SMALL_BYTES = 4096;

export const WINDOW_ENTRIES = { 'window-process': 'test/bench/window/window-process.ts' };

export interface WindowRun {
  readonly node: string;
  /** Chromium. */
  readonly browser: string;
  readonly place: Place;
  readonly folder: string;
  /** The workers, with a slash at the end. */
  readonly built: URL;
  /** The built window. */
  readonly renderer: string;
  readonly rounds: number;
  readonly files: number;
}

export interface WindowFigures {
  readonly bundle: Bundle;
  /** From opening the page to the first device in it, each time; the first without anything in a cache. */
  readonly firstDeviceMs: readonly number[];
  /** Of its thread, with a device in sight and nothing going on. */
  readonly idleShare: number;
  readonly files: number;
  readonly transferMs: number;
  /** Of what kept the page's thread for more than 50 ms, from the send to its end, with its files open. */
  readonly longTasksMs: readonly number[];
}

/** What a page tells of itself. */
interface Marks {
  firstDeviceMs: number | null;
  readonly tasksMs: number[];
}

/** One window in a real browser, on an engine that sends to a program. */
export async function runWindow(run: WindowRun): Promise<WindowFigures> {
  const { place, folder, rounds, files } = run;
  const [source, sink] = [join(folder, 'many'), join(folder, 'sink')];
  mkdirSync(sink, { recursive: true });
  makeSmallFiles(source, files, SMALL_BYTES);
  const receiver = await startReceiver(
    { node: run.node, homes: folder },
    { source, sink, place },
    { onLine: () => undefined },
  );
  const engine = startEngine(run, `${place.address}:${receiver.port}`, source);
  const browser = await chromium.launch({
    executablePath: run.browser,
    args: [...CHROMIUM_SWITCHES],
  });
  try {
    const { url = '' } = await engine.said('url');
    const context = await browser.newContext({ viewport: { width: 960, height: 680 } });
    await context.addInitScript(mark);
    const firstDeviceMs: number[] = [];
    let page = await open(context, url, firstDeviceMs);
    for (let round = 0; round < rounds; round++) {
      await page.close();
      page = await open(context, new URL('/', url).href, firstDeviceMs);
    }
    const idleShare = await idleShareOf(page);
    const { transferMs, longTasksMs } = await send(engine, page, basename(source));
    const bundle = bundleOf(run.renderer);
    return { bundle, firstDeviceMs, idleShare, files, transferMs, longTasksMs };
  } finally {
    await browser.close();
    await engine.program.terminate();
    await receiver.program.terminate();
  }
}

interface Said {
  readonly url?: string;
  readonly deliveredMs?: number;
}

interface WindowEngine {
  readonly program: Program;
  /** Rejects where it ends before it says that. */
  readonly said: (what: keyof Said) => Promise<Said>;
}

function startEngine(run: WindowRun, address: string, source: string): WindowEngine {
  const { node, place, folder, built, renderer } = run;
  const lines: Said[] = [];
  let onLine: () => void = () => undefined;
  const script = fileURLToPath(new URL('window-process.js', built));
  const words = [script, join(folder, 'window-home'), renderer, address, source];
  const program = place.startClient(node, words, {
    onLine: (line) => {
      lines.push(JSON.parse(line) as Said);
      onLine();
    },
  });
  const said = (what: keyof Said) =>
    new Promise<Said>((resolve, reject) => {
      onLine = () => {
        const line = lines.find((one) => what in one);
        if (line) resolve(line);
      };
      onLine();
      void program.ended.then(({ stderr }) => reject(new Error(stderr)));
    });
  return { program, said };
}

/** Runs in the page, before anything of it. */
function mark(): void {
  const marks: Marks = { firstDeviceMs: null, tasksMs: [] };
  Object.assign(window, { marks });
  new MutationObserver(() => {
    if (document.querySelector('[data-peer]') === null) return;
    marks.firstDeviceMs ??= performance.now();
  }).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    marks.tasksMs.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask' });
}

function marksOf(page: Page): Promise<Marks> {
  return page.evaluate(() => (window as unknown as { readonly marks: Marks }).marks);
}

async function open(context: BrowserContext, url: string, told: number[]): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('[data-peer]').first().waitFor();
  told.push((await marksOf(page)).firstDeviceMs ?? NaN);
  return page;
}

async function idleShareOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busySeconds = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
  };
  const before = await busySeconds();
  await delay(IDLE_MS);
  return (((await busySeconds()) - before) * 1000) / IDLE_MS;
}

async function send(engine: WindowEngine, page: Page, what: string) {
  const before = (await marksOf(page)).tasksMs.length;
  process.kill(await engine.program.pid, 'SIGUSR2');
  const files = en.window.files.showOf.replace('{{what}}', what);
  await page.getByRole('button', { name: files }).click();
  const { deliveredMs = NaN } = await engine.said('deliveredMs');
  return { transferMs: deliveredMs, longTasksMs: (await marksOf(page)).tasksMs.slice(before) };
}
