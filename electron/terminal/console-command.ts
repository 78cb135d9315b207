import type { Engine } from '../engine/engine.ts';
import { startConsole } from '../gateway/console.ts';
import type { Console } from '../gateway/console.ts';
import { openBrowser } from '../gateway/open-browser.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Interruption } from './interruption.ts';
import type { CommonOptions } from './launch.ts';
import { startEngine } from './launch.ts';
import { watchNotices } from './notices.ts';
import type { Output } from './output.ts';
import { spoken, word } from './words.ts';

export interface ConsoleOptions extends CommonOptions {
  readonly dir?: string;
  readonly name?: string;
  readonly port?: number;
  readonly consolePort: number;
  readonly otherUsers?: boolean;
}

/** The engine with its window in a browser, until Ctrl-C. */
export async function showConsole(
  options: ConsoleOptions,
  output: Output,
  interruption: Interruption,
): Promise<ExitCode> {
  const engine = await startEngine(options, {
    pairs: true,
    listen: 'tls',
    directory: options.dir ?? null,
    deviceName: options.name ?? null,
    port: options.port ?? null,
  });
  const notices = watchNotices(engine, output);
  let window: Console | null = null;
  try {
    window = await openWindow(engine, options.consolePort, options.otherUsers === true);
    const { host, port, id } = engine.snapshot().self;
    output.event({ event: 'listening', host, port, peerId: id, mode: 'tls' });
    await sayWhere(window, output, null);
    output.line(word('terminal.stopHint'));
    await interruption.signal;
  } finally {
    await window?.stop();
    await engine.stop();
    notices.stop();
  }
  return EXIT.interrupted;
}

export function openWindow(engine: Engine, port: number, otherUsers = false): Promise<Console> {
  return startConsole({
    engine,
    rendererDirectory: new URL('../renderer/', import.meta.url),
    port,
    otherUsers,
    speech: spoken,
  });
}

/** Opens the browser where there is a screen, and prints the address in any case. */
export async function sayWhere(
  { url, openerUrl }: Pick<Console, 'url' | 'openerUrl'>,
  output: Output,
  name: string | null,
): Promise<void> {
  output.event({ event: 'console', ...(name !== null && { name }), url });
  const isOpen = !output.json && (await openBrowser(openerUrl));
  const key = isOpen ? 'consoleOpen' : 'consoleAddress';
  if (name === null) output.line(word(`terminal.${key}`));
  else output.line(word('terminal.windowOf', { name }));
  output.line(`  ${url}`);
}
