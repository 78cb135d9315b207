import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { start } from '../../../electron/engine/engine.ts';
import { startConsole } from '../../../electron/gateway/console.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import { NO_SHELL } from '../../support/no-shell.ts';

/**
 * `window-process HOME RENDERER ADDRESS PATH`: an engine with its window, and one device in sight. It says
 * `{"url"}`, where the window is. At a SIGUSR2 it sends the path to the device, and says `{"deliveredMs"}`.
 */
const [home = '', renderer = '', address = '', path = ''] = process.argv.slice(2);
const LOOK_EVERY_MS = 50;

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
  const { selectionId } = await engine.stagePaths([path]);
  const [peer] = engine.snapshot().peers;
  const to = { kind: 'peer', key: peer?.key ?? '' } as const;
  const { transferId } = await engine.commands.send({ selectionId, to, mode: 'tls' });
  for (;;) {
    const transfer = engine.snapshot().transfers.find(({ id }) => id === transferId);
    if (transfer && isFinished(transfer)) {
      if (transfer.phase === 'delivered') return performance.now() - startedMs;
      throw new Error(JSON.stringify(transfer));
    }
    await delay(LOOK_EVERY_MS);
  }
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
