import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { start } from '../../../electron/engine/engine.ts';
import { NO_SHELL } from '../../support/no-shell.ts';
import { sendWhole } from '../peers/send-whole.ts';

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

const to = { kind: 'address', host, port: Number(port), expectedPeerId: null } as const;
for (let n = 1; n <= Number(times); n++) {
  const path = n % Number(largeEvery) === 0 ? large : small;
  await running.commands.dismiss({ transferId: await sendWhole(running, path, to) });
  for (const name of readdirSync(sink)) rmSync(join(sink, name), { recursive: true });
  console.log(n);
}
await running.stop();
