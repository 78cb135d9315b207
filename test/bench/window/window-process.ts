import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { start } from '../../../electron/engine/engine.ts';
import { startConsole } from '../../../electron/gateway/console.ts';
import { NO_SHELL } from '../../support/no-shell.ts';
import { sendWhole } from '../peers/send-whole.ts';

/**
 * `window-process HOME RENDERER ADDRESS PATH`: an engine with its window, and one device in sight. It says
 * `{"url"}`, where the window is. At a SIGUSR2 it sends the path to the device, and says `{"deliveredMs"}`.
 */
const [home = '', renderer = '', address = '', path = ''] = process.argv.slice(2);

const engine = await start({
  home,
  workers: new URL('./', import.meta.url),
  shell: NO_SHELL,
  // somebody has been here: no first screen
  deviceName: 'Window',
  directory: dirname(path),
  listen: 'none',
  discovery: false,
  interface: null,
});
await engine.commands.addPeer({ address });
const rendererDirectory = pathToFileURL(`${renderer}/`);
const window = await startConsole({ engine, rendererDirectory, port: 0 });

async function send(): Promise<number> {
  const startedMs = performance.now();
  const [peer] = engine.snapshot().peers;
  await sendWhole(engine, path, { kind: 'peer', key: peer?.key ?? '' });
  return performance.now() - startedMs;
}

process.on('SIGUSR2', () => {
  void send().then((deliveredMs) => process.stdout.write(`${JSON.stringify({ deliveredMs })}\n`));
});
process.on('SIGTERM', () => {
  void window
    .stop()
    .then(() => engine.stop())
    .then(() => process.exit());
});
process.stdout.write(`${JSON.stringify({ url: window.url })}\n`);
