import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { start } from '../../electron/engine/engine.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { NO_SHELL } from '../support/no-shell.ts';

/** A host's whole engine: writes each snapshot as a line, does what a line says, and ends with its input. */
const { values } = parseArgs({
  options: {
    name: { type: 'string', default: '' },
    home: { type: 'string', default: '' },
    directory: { type: 'string', default: '' },
    workers: { type: 'string', default: '' },
  },
});

const order = z.discriminatedUnion('do', [
  z.object({ do: z.literal('choose'), interface: z.string().nullable() }),
  z.object({ do: z.literal('send'), path: z.string(), host: z.string(), port: z.number() }),
]);

const engine = await start({
  home: values.home,
  workers: new URL(values.workers),
  shell: NO_SHELL,
  listen: 'tls',
  port: 0,
  deviceName: values.name,
  directory: values.directory,
  accept: 'all',
  discovery: true,
  interface: null,
});

const say = (snapshot: Snapshot): void => {
  process.stdout.write(`${JSON.stringify(snapshot)}\n`);
};
engine.subscribe(say);
say(engine.snapshot());

async function perform(line: string): Promise<void> {
  const said = order.parse(JSON.parse(line));
  if (said.do === 'choose') {
    await engine.commands.setSettings({ interface: said.interface });
    return;
  }
  const { selectionId } = await engine.stagePaths([said.path]);
  const { host, port } = said;
  const to = { kind: 'address', host, port, expectedPeerId: null } as const;
  await engine.commands.send({ selectionId, to, mode: 'tls' });
}

process.stdout.on('error', () => process.exit(1));
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => void perform(line));
lines.on('close', () => void engine.stop());
