import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Whole programs, each under a shell that tells its process id, passes a SIGTERM on, and writes at the end
 * what it and all it started have used of the processors: the system counts that for whoever waits.
 */
const SHELL = `trap : TERM
"$@" 3>&- & child=$!
echo "$child" >&3
wait "$child"; status=$?
while kill -0 "$child" 2>&-; do wait "$child"; status=$?; done
times >&3
exit "$status"`;

const KILL_AFTER_MS = 10_000;
const TICKS_PER_SECOND = 100;
const LOOK_EVERY_MS = 5;
const READY_MS = 30_000;

export interface Ended {
  /** null: a signal ended it. */
  readonly code: number | null;
  readonly cpuSeconds: number;
  readonly endedMs: number;
  readonly stderr: string;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

export class Program {
  readonly startedMs = performance.now();
  readonly pid: Promise<number>;
  readonly ended: Promise<Ended>;
  readonly #shell: ChildProcess;
  readonly #command: string;
  #isOver = false;

  constructor(command: string, args: readonly string[], options: StartOptions) {
    this.#command = command;
    this.#shell = spawn('/bin/sh', ['-c', SHELL, 'sh', command, ...args], {
      // a group of its own, so that all of it can be ended
      detached: true,
      cwd: options.cwd,
      env: { ...process.env, ...options.env, LC_ALL: 'C' },
      stdio: ['ignore', options.onLine ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr, stdio } = this.#shell;
    if (stdout && options.onLine) createInterface({ input: stdout }).on('line', options.onLine);
    const complaint = collect(stderr);
    const told = collect(stdio[3]);
    this.pid = new Promise((resolve, reject) => {
      stdio[3]?.on('data', () => {
        const pid = /^(\d+)\n/.exec(told())?.[1];
        if (pid !== undefined) resolve(Number(pid));
      });
      this.#shell.once('close', () => reject(new Error(`${command} did not start`)));
    });
    this.pid.catch(() => undefined); // whoever waits for it is told
    this.ended = this.#end(complaint, told);
  }

  async #end(complaint: () => string, told: () => string): Promise<Ended> {
    const closed = once(this.#shell, 'close');
    const [code] = (await once(this.#shell, 'exit')) as [number | null];
    const endedMs = performance.now();
    await closed;
    this.#isOver = true;
    return { code, endedMs, cpuSeconds: readTimes(told()), stderr: complaint().trim() };
  }

  /** How it ended, where it must end well. */
  async finished(): Promise<Ended> {
    const ended = await this.ended;
    if (ended.code === 0) return ended;
    throw new Error(`${this.#command} ended with ${ended.code ?? 'a signal'}: ${ended.stderr}`);
  }

  /** What it has used so far, without children that still run. */
  async cpuSecondsSoFar(): Promise<number> {
    return cpuSecondsOf(await this.pid);
  }

  async terminate(): Promise<Ended> {
    const timer = setTimeout(() => this.kill('SIGKILL'), KILL_AFTER_MS);
    this.kill('SIGTERM');
    const ended = await this.ended;
    clearTimeout(timer);
    return ended;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#isOver || this.#shell.pid === undefined) return;
    try {
      process.kill(-this.#shell.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Waits until it listens on that port of its own network, without touching it. */
  async listensOn(port: number): Promise<void> {
    const pid = await this.pid;
    const endAtMs = performance.now() + READY_MS;
    while (!isListening(pid, port)) {
      if (this.#isOver) throw new Error(`${this.#command} ended: ${(await this.ended).stderr}`);
      if (performance.now() > endAtMs) throw new Error(`${this.#command} does not listen`);
      await delay(LOOK_EVERY_MS);
    }
  }

  /** A server's children that end after their client did are waited for, so that they are counted. */
  async isAlone(): Promise<void> {
    const pid = await this.pid;
    const endAtMs = performance.now() + KILL_AFTER_MS;
    while (hasChildren(pid) && performance.now() < endAtMs) await delay(LOOK_EVERY_MS);
  }
}

/** All that was started, so that nothing outlives the bench. */
export class Programs {
  readonly #running = new Set<Program>();
  #isStopped = false;

  get isStopped(): boolean {
    return this.#isStopped;
  }

  start(command: string, args: readonly string[], options: StartOptions = {}): Program {
    if (this.#isStopped) throw new Error(`${command} is not started: the bench was stopped`);
    const program = new Program(command, args, options);
    this.#running.add(program);
    const forget = () => this.#running.delete(program);
    program.ended.then(forget, forget);
    return program;
  }

  /** Nothing can be started any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const program of this.#running) program.kill('SIGKILL');
    await Promise.allSettled([...this.#running].map(({ ended }) => ended));
  }
}

function collect(stream: unknown): () => string {
  let text = '';
  if (stream instanceof Object && 'on' in stream) {
    (stream as NodeJS.ReadableStream).on('data', (chunk: Buffer) => (text += chunk.toString()));
  }
  return () => text;
}

/** The second line of what a shell's `times` writes: user and system time of its children. */
export function readTimes(text: string): number {
  const all = [...text.matchAll(/(\d+)m([\d.]+)s/g)].slice(-2);
  return all.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

function cpuSecondsOf(pid: number): number {
  const fields = statOf(pid);
  // user and system time, its own and of children it has waited for
  return [11, 12, 13, 14].reduce((sum, n) => sum + Number(fields[n]), 0) / TICKS_PER_SECOND;
}

/** The fields after the name, which may hold anything. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Whether another process names it as its parent. */
function hasChildren(pid: number): boolean {
  return processes().some((other) => parentOf(other) === pid);
}

function parentOf(pid: number): number | null {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return null; // it is gone
  }
}

function isListening(pid: number, port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['tcp', 'tcp6'].some((kind) => {
    const lines = readFileSync(`/proc/${pid}/net/${kind}`, 'latin1').split('\n').slice(1);
    return lines.some((line) => {
      const [, local, , state] = line.trim().split(/\s+/);
      return state === '0A' && local?.endsWith(wanted) === true;
    });
  });
}

function processes(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}
