import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Job } from '../contender.ts';
import { freePort } from '../place.ts';
import type { Ended, Program, StartOptions } from '../programs.ts';

const COMMAND = fileURLToPath(new URL('../../../out/main/dropline.js', import.meta.url));
const SETTLE_MS = 300;
const LOOK_EVERY_MS = 50;
/** Asks the system to count the peak of a process from now on. */
const FORGET_PEAK = '5';
const COMMON = ['--json', '--no-discovery'];

/** One Node that runs Dropline, and the homes of its two ends: they last from round to round. */
export interface Installed {
  readonly node: string;
  readonly homes: string;
}

export interface Receiver {
  readonly program: Program;
  readonly port: number;
  readonly idleBytes: number;
  readonly startUpSeconds: number;
  readonly peakBytes: () => Promise<number>;
}

/** A receiver that listens and has come to rest. */
export async function startReceiver(
  { node, homes }: Installed,
  { place, sink }: Job,
  options: StartOptions = {},
): Promise<Receiver> {
  const port = await freePort();
  const words = [
    ...[COMMAND, 'receive', ...COMMON, '--home', join(homes, 'receiver'), '--name', 'bench'],
    ...['--dir', sink, '--port', `${port}`, '--interface', place.address, '--accept', 'all'],
  ];
  const program = place.startServer(node, words, options);
  try {
    await program.listensOn(port);
    await delay(SETTLE_MS);
    const pid = await program.pid;
    const idleBytes = memoryOf(pid, 'VmRSS') ?? 0;
    writeFileSync(`/proc/${pid}/clear_refs`, FORGET_PEAK);
    const startUpSeconds = await program.cpuSecondsSoFar();
    const peakBytes = async () => memoryOf(pid, 'VmHWM') ?? 0;
    return { program, port, idleBytes, startUpSeconds, peakBytes };
  } catch (error) {
    await program.terminate();
    throw error;
  }
}

export function startSender(
  { node, homes }: Installed,
  { place, source }: Job,
  port: number,
  options: StartOptions,
): Program {
  const to = `${place.address}:${port}`;
  const words = [COMMAND, 'send', source, '--to', to, '--home', join(homes, 'sender'), ...COMMON];
  return place.startClient(node, words, options);
}

/** The sender has delivered; where it failed the receiver is ended too. */
export async function finished(sender: Program, receiver: Receiver): Promise<Ended> {
  try {
    return await sender.finished();
  } catch (error) {
    await receiver.program.terminate();
    throw error;
  }
}

/** The system forgets the peak of a process with it: it is read while it runs. */
export function watchPeak(program: Program): () => number {
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
