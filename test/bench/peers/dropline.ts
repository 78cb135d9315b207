import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Contender, Found, Job, Run } from '../contender.ts';
import { DROPLINE } from '../floors.ts';
import { freePort } from '../place.ts';
import type { Program } from '../programs.ts';

const COMMAND = fileURLToPath(new URL('../../../out/main/dropline.js', import.meta.url));
const LOOK_EVERY_MS = 50;
const SETTLE_MS = 300;
/** Asks the system to count the peak of a process from now on. */
const FORGET_PEAK = '5';

/** Dropline with one Node. Homes last from round to round; every process is a fresh one. */
export function findDropline(folder: string, node: string): Found {
  const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
  const openssl = execFileSync(node, ['-p', 'process.versions.openssl'], { encoding: 'utf8' });
  const name = `${DROPLINE} (Node ${version})`;
  const homes = join(folder, `dropline-${version}`);
  const contender: Contender = {
    name,
    does: 'encrypted, hashed, times and exec bits, published by rename, flushed',
    carries: ['file', 'folder'],
    keepsMetadata: true,
    carry: (job) => carry(job, node, homes),
  };
  return { contenders: [contender], versions: { [`OpenSSL of Node ${version}`]: openssl.trim() } };
}

async function carry({ source, sink, place }: Job, node: string, homes: string): Promise<Run> {
  const port = await freePort();
  const common = ['--json', '--no-discovery'];
  const receiver = place.startServer(node, [
    ...[COMMAND, 'receive', ...common, '--home', join(homes, 'receiver'), '--name', 'bench'],
    ...['--dir', sink, '--port', `${port}`, '--interface', place.address, '--accept', 'all'],
  ]);
  await receiver.listensOn(port);
  await delay(SETTLE_MS);
  const receiverPid = await receiver.pid;
  const idleBytes = memoryOf(receiverPid, 'VmRSS') ?? 0;
  writeFileSync(`/proc/${receiverPid}/clear_refs`, FORGET_PEAK);
  const startUpSeconds = await receiver.cpuSecondsSoFar();

  const marksMs: Record<string, number> = {};
  const to = `${place.address}:${port}`;
  const home = join(homes, 'sender');
  const sender = place.startClient(
    node,
    [COMMAND, 'send', source, '--to', to, '--home', home, ...common],
    {
      onLine: (line) => {
        const { event } = JSON.parse(line) as { event: string };
        marksMs[event] ??= performance.now() - sender.startedMs;
      },
    },
  );
  const senderPeak = watchPeak(sender);
  const { cpuSeconds, endedMs } = await sender.finished();
  const receiverPeakBytes = memoryOf(receiverPid, 'VmHWM') ?? 0;
  const received = (await receiver.terminate()).cpuSeconds - startUpSeconds;
  return {
    wallMs: endedMs - sender.startedMs,
    cpuSeconds: cpuSeconds + received,
    memory: { idleBytes, receiverPeakBytes, senderPeakBytes: senderPeak() },
    marksMs,
  };
}

/** The system forgets the peak of a process with it: it is read while it runs. */
function watchPeak(program: Program): () => number {
  let peakBytes = 0;
  void program.pid.then((pid) => {
    const timer = setInterval(() => {
      peakBytes = Math.max(peakBytes, memoryOf(pid, 'VmHWM') ?? 0);
    }, LOOK_EVERY_MS);
    const stop = () => clearInterval(timer);
    program.ended.then(stop, stop);
  });
  return () => peakBytes;
}

/** null: the process is gone. */
function memoryOf(pid: number, what: 'VmRSS' | 'VmHWM'): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const kib = new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  } catch {
    return null;
  }
}
