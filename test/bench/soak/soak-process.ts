import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { start } from '../../../electron/engine/engine.ts';
import type { Engine } from '../../../electron/engine/engine.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import { NO_SHELL } from '../../support/no-shell.ts';

/**
 * `soak-process HOME SINK HOST PORT TIMES LARGE_EVERY SMALL LARGE`: one engine that sends again and again, and
 * says after each how many have arrived. What has arrived is removed, as names that are taken would grow.
 */
const [
  home = '',
  sink = '',
  host = '',
  port = '',
  times = '',
  largeEvery = '',
  small = '',
  large = '',
] = process.argv.slice(2);

const running = await start({
  home,
  workers: new URL('./', import.meta.url),
  shell: NO_SHELL,
  listen: 'none',
  discovery: false,
  interface: null,
});

async function send(engine: Engine, path: string): Promise<void> {
  const { commands } = engine;
  const { selectionId } = await engine.stagePaths([path]);
  const to = { kind: 'address', host, port: Number(port), expectedPeerId: null } as const;
  const { transferId } = await commands.send({ selectionId, to, mode: 'tls' });
  for (;;) {
    const transfer = engine.snapshot().transfers.find(({ id }) => id === transferId);
    if (transfer && isFinished(transfer)) {
      if (transfer.phase !== 'delivered') throw new Error(JSON.stringify(transfer));
      await commands.dismiss({ transferId });
      return;
    }
    await delay(1);
  }
}

for (let n = 1; n <= Number(times); n++) {
  await send(running, n % Number(largeEvery) === 0 ? large : small);
  for (const name of readdirSync(sink)) rmSync(join(sink, name), { recursive: true });
  console.log(n);
}
await running.stop();
