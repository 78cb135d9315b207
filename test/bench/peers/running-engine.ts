import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Job, Run } from '../contender.ts';
import { buildEntries } from '../../support/build-entries.ts';
import type { BuiltEntries } from '../../support/build-entries.ts';
import { median } from '../statistics.ts';
import type { Installed } from './dropline-process.ts';
import { finished, startReceiver } from './dropline-process.ts';

/** How often the byte is sent, after once to get to know the peer. */
const TIMES = 7;

/** What the engine needs beside it, and the program that drives it. */
export const RUNNING_ENGINE_ENTRIES = {
  'send-worker': 'electron/engine/transfer/send-worker.ts',
  'receive-worker': 'electron/engine/transfer/receive-worker.ts',
  'discovery-worker': 'electron/engine/discovery/worker.ts',
  'running-engine-process': 'test/bench/peers/running-engine-process.ts',
};

/** Built when it is asked for first; it goes with the folder of the bench. */
export function buildEngineOnce(): () => Promise<URL> {
  let built: Promise<BuiltEntries> | null = null;
  return async () => (await (built ??= buildEntries(RUNNING_ENGINE_ENTRIES))).directory;
}

/** From the command of a window to "delivered", by an engine that runs already. */
export async function carryByte(job: Job, { node, homes }: Installed, built: URL): Promise<Run> {
  const { place, source } = job;
  const receiver = await startReceiver({ node, homes }, job);
  const allMs: number[] = [];
  const script = fileURLToPath(new URL('running-engine-process.js', built));
  const words = [source, place.address, `${receiver.port}`, `${TIMES}`, join(homes, 'running')];
  const sender = place.startClient(node, [script, ...words], {
    onLine: (line) => void allMs.push(Number(line)),
  });
  const { cpuSeconds } = await finished(sender, receiver);
  const received = (await receiver.program.terminate()).cpuSeconds - receiver.startUpSeconds;
  return { wallMs: median(allMs), cpuSeconds: cpuSeconds + received };
}
