import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { word } from './words.ts';

/** What the outcome depends on, as values that a test can replace. */
export interface AwakeHost {
  readonly platform: NodeJS.Platform;
  /** Of this process. */
  readonly pid: number;
  /**
   * Starts a program with a pipe for its input, which ends with this process however that ends. Answers
   * how to end it. Where there is no such program nothing happens.
   */
  start(command: string, args: readonly string[]): () => void;
}

const thisHost: AwakeHost = { platform: process.platform, pid: process.pid, start };

/** Keeps the computer from falling asleep by itself, where it has a program for that. */
export function keepAwake(host = thisHost): () => void {
  const { platform, pid } = host;
  if (platform === 'darwin') return host.start('/usr/bin/caffeinate', ['-i', '-w', String(pid)]);
  if (platform !== 'linux') return () => undefined;
  const lock = ['--what=sleep', '--mode=block', '--who=Dropline'];
  // the lock is held until `cat` has read its input to the end, and that is our pipe
  return host.start('systemd-inhibit', [...lock, `--why=${word('terminal.awakeWhy')}`, 'cat']);
}

function start(command: string, args: readonly string[]): () => void {
  // Typed as what it is where the system has no pipes left: then there is no input.
  const child: ChildProcess = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  return () => {
    child.stdin?.destroy();
    child.kill();
  };
}
