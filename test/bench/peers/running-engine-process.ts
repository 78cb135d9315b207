import { setTimeout as delay } from 'node:timers/promises';
import { start } from '../../../electron/engine/engine.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import { NO_SHELL } from '../../support/no-shell.ts';

/** `running-engine-process PATH HOST PORT TIMES HOME`: sends again and again, and says how long each took. */
const LOOK_EVERY_MS = 1;
const [path = '', host = '', port = '', times = '', home = ''] = process.argv.slice(2);

const engine = await start({
  home,
  workers: new URL('./', import.meta.url),
  shell: NO_SHELL,
  listen: 'none',
  discovery: false,
  interface: null,
});

async function send(): Promise<number> {
  const startedMs = performance.now();
  const { selectionId } = await engine.stagePaths([path]);
  const to = { kind: 'address', host, port: Number(port), expectedPeerId: null } as const;
  const { transferId } = await engine.commands.send({ selectionId, to, mode: 'tls' });
  for (;;) {
    // what is told to a window comes ten times a second: too seldom to measure by. Asking without rest would
    // take a processor from those who carry it
    const transfer = engine.snapshot().transfers.find(({ id }) => id === transferId);
    if (transfer && isFinished(transfer)) {
      if (transfer.phase === 'delivered') return performance.now() - startedMs;
      throw new Error(JSON.stringify(transfer));
    }
    await delay(LOOK_EVERY_MS);
  }
}

await send();
for (let n = 0; n < Number(times); n++) console.log(await send());
await engine.stop();
