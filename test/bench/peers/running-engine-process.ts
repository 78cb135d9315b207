import { start } from '../../../electron/engine/engine.ts';
import { NO_SHELL } from '../../support/no-shell.ts';
import { sendWhole } from './send-whole.ts';

/** `running-engine-process PATH HOST PORT TIMES HOME`: sends again and again, and says how long each took. */
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
  const to = { kind: 'address', host, port: Number(port), expectedPeerId: null } as const;
  await sendWhole(engine, path, to);
  return performance.now() - startedMs;
}

await send();
for (let n = 0; n < Number(times); n++) console.log(await send());
await engine.stop();
