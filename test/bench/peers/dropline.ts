import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender, Found, Job, Run } from '../contender.ts';
import { DROPLINE } from '../floors.ts';
import type { Node } from '../nodes.ts';
import type { Point } from '../progress.ts';
import { lastTenthOverFirst } from '../progress.ts';
import type { Stalls } from '../results.ts';
import type { Installed } from './dropline-process.ts';
import { finished, startReceiver, startSender, watchPeak } from './dropline-process.ts';
import { carryByte } from './running-engine.ts';

const PROBE = new URL('stall-probe.mjs', import.meta.url).href;
const DOES = 'encrypted, hashed, times and exec bits, published by rename, flushed';

/** Dropline with one Node. Every process is a fresh one. */
export function findDropline(
  folder: string,
  { path, version, openssl }: Node,
  workers: () => Promise<URL>,
): Found {
  const installed = { node: path, homes: join(folder, `dropline-${version}`) };
  const name = `${DROPLINE} (Node ${version})`;
  const whole: Contender = {
    name,
    does: DOES,
    carries: ['file', 'folder'],
    keepsMetadata: true,
    carry: (job) => carry(job, installed),
    probe: (job) => probe(job, installed),
  };
  const running: Contender = {
    name,
    does: `engines that run and know each other; ${DOES}`,
    carries: ['byte'],
    keepsMetadata: true,
    carry: async (job) => carryByte(job, installed, await workers()),
  };
  return {
    contenders: [whole, running],
    versions: { [`OpenSSL in Node ${version}`]: openssl },
  };
}

async function carry(job: Job, installed: Installed): Promise<Run> {
  const marksMs: Record<string, number> = {};
  const points: Point[] = [];
  const receiver = await startReceiver(installed, job, {
    onLine: (line) => {
      const { event, bytes } = JSON.parse(line) as { event: string; bytes?: number };
      if (event === 'progress') points.push({ ms: performance.now(), bytes: bytes ?? 0 });
    },
  });
  const sender = startSender(installed, job, receiver.port, {
    onLine: (line) => {
      const { event } = JSON.parse(line) as { event: string };
      marksMs[event] ??= performance.now() - sender.startedMs;
    },
  });
  const senderPeak = watchPeak(sender);
  const { cpuSeconds, endedMs } = await finished(sender, receiver);
  const { idleBytes, startUpSeconds, program } = receiver;
  const receiverPeakBytes = await receiver.peakBytes();
  const received = (await program.terminate()).cpuSeconds - startUpSeconds;
  const decay = lastTenthOverFirst(points);
  return {
    wallMs: endedMs - sender.startedMs,
    cpuSeconds: cpuSeconds + received,
    memory: { idleBytes, receiverPeakBytes, senderPeakBytes: senderPeak() },
    marksMs,
    ...(decay !== null && { lastTenthOverFirst: decay }),
  };
}

async function probe(job: Job, installed: Installed): Promise<Stalls> {
  const [sent, received] = ['sender', 'receiver'].map((side) => `${installed.homes}-${side}-stall`);
  const env = (file = '') => ({
    env: { NODE_OPTIONS: `--import=${PROBE}`, STALL_PROBE: file },
    onLine: () => undefined,
  });
  const receiver = await startReceiver(installed, job, env(received));
  await finished(startSender(installed, job, receiver.port, env(sent)), receiver);
  await receiver.program.terminate();
  const [sending, receiving] = [readOnce(sent), readOnce(received)];
  return {
    senderMs: sending.mainMs,
    receiverMs: receiving.mainMs,
    besideSenderMs: sending.besideMs,
    besideReceiverMs: receiving.besideMs,
  };
}

/** What the probe has written. */
function readOnce(path = ''): { mainMs: number; besideMs: number } {
  const found = JSON.parse(readFileSync(path, 'latin1')) as { mainMs: number; besideMs: number };
  rmSync(path);
  return found;
}
