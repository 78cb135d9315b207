import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transfer } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import { openWindow, sayWhere } from './console-command.ts';
import { EXIT, exitCodeFor } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Interruption } from './interruption.ts';
import { startEngine } from './launch.ts';
import type { Output } from './output.ts';
import { watchTransfers } from './watch.ts';
import { size, word } from './words.ts';

const ONE = 'Ada';
const TWO = 'Ben';
const FOLDER = 'Holiday pictures';
const LOOPBACK = '127.0.0.1';
const FIND_MS = 10_000;

const PICTURES = 24;
const FILM_BYTES = 64 * 1024 * 1024;

export interface DemoOptions {
  readonly windows?: boolean;
}

/** Two engines on this computer find each other, and one sends the other a folder. */
export async function demo(
  { windows = false }: DemoOptions,
  output: Output,
  interruption: Interruption,
): Promise<ExitCode> {
  const scratch = await mkdtemp(join(tmpdir(), 'dropline-demo-'));
  const engines: Engine[] = [];
  try {
    output.line(word('terminal.demoStart', { one: ONE, two: TWO }));
    for (const name of [ONE, TWO]) engines.push(await startOne(scratch, name, windows));
    const interrupted = interruption.signal.then(() => undefined);
    const [one, two] = engines;
    if (!one || !two) return EXIT.other;
    if (windows) return await showWindows([one, two], output, interrupted);
    const sending = sendFolder(one, two, scratch, output);
    return (await Promise.race([sending, interrupted])) ?? EXIT.interrupted;
  } finally {
    await Promise.all(engines.map((engine) => engine.stop()));
    await rm(scratch, { recursive: true, force: true, maxRetries: 10 });
  }
}

function startOne(scratch: string, name: string, windows: boolean): Promise<Engine> {
  const common = { home: join(scratch, name, 'home'), interface: LOOPBACK, discovery: true };
  return startEngine(common, {
    listen: 'tls',
    pairs: windows,
    port: 0,
    deviceName: name,
    directory: join(scratch, name, 'received'),
    accept: windows ? 'ask' : 'all',
  });
}

async function sendFolder(
  one: Engine,
  two: Engine,
  scratch: string,
  output: Output,
): Promise<ExitCode> {
  const target = await one.findTarget(two.snapshot().self.id, FIND_MS);
  const address = `${LOOPBACK}:${two.snapshot().self.port ?? 0}`;
  output.line(word('terminal.demoFound', { one: ONE, two: TWO, address }));
  const selection = await one.stagePaths([await makeFolder(scratch)]);
  const { selectionId } = selection;
  const { ended, stop } = watchOne(one, output);
  await one.commands.send({ selectionId, to: target, mode: 'tls' });
  const transfer = await ended;
  stop();
  if (transfer.phase === 'delivered') output.line(word('terminal.demoDone', { two: TWO }));
  return exitCodeFor(transfer);
}

/** Watches the one transfer that the demo makes. */
function watchOne(engine: Engine, output: Output) {
  let onEnded: (transfer: Transfer) => void = () => undefined;
  const ended = new Promise<Transfer>((resolve) => {
    onEnded = resolve;
  });
  let isSaid = false;
  const watch = watchTransfers({
    engine,
    output,
    saysOffers: true,
    onChange: (transfer) => {
      if (transfer.totals.files > 0 && !isSaid) sayWhat(transfer, output);
      isSaid ||= transfer.totals.files > 0;
      if (isFinished(transfer)) onEnded(transfer);
    },
  });
  return {
    ended,
    stop: () => {
      watch.stop();
    },
  };
}

function sayWhat(transfer: Transfer, output: Output): void {
  const { files, bytes } = transfer.totals;
  const values = { one: ONE, two: TWO, name: FOLDER, count: files, size: size(bytes) };
  output.line(word('terminal.demoSend', values));
}

async function showWindows(
  engines: readonly Engine[],
  output: Output,
  stopped: Promise<void>,
): Promise<ExitCode> {
  const windows = await Promise.all(engines.map((engine) => openWindow(engine, 0)));
  output.line(word('terminal.demoWindows', { one: ONE, two: TWO }));
  for (const [n, window] of windows.entries()) {
    await sayWhere(window, output, engines[n]?.snapshot().self.name ?? null);
  }
  output.line(word('terminal.stopHint'));
  await stopped;
  await Promise.all(windows.map((window) => window.stop()));
  return EXIT.interrupted;
}

/** Many small files, a large one, an empty folder, times of their own: what real folders hold. */
async function makeFolder(scratch: string): Promise<string> {
  const folder = join(scratch, FOLDER);
  await mkdir(join(folder, 'Lake'), { recursive: true });
  await mkdir(join(folder, 'To sort'));
  for (let n = 1; n <= PICTURES; n++) {
    const path = join(folder, 'Lake', `Picture ${n}.jpg`);
    await writeFile(path, Buffer.alloc(200_000 + n * 1000, n));
    await utimes(path, 1_700_000_000 + n, 1_700_000_000 + n);
  }
  await writeFile(join(folder, 'Film.mp4'), Buffer.alloc(FILM_BYTES, 'film'));
  return folder;
}
