import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built `dropline` command as real processes, each told apart by a home folder of its own. */

export const DROPLINE = fileURLToPath(new URL('../../out/main/dropline.js', import.meta.url));

/** Keeps everything that is sent on this computer. */
export const ON_LOOPBACK = ['--interface', '127.0.0.1'];
/** There, and seen by nobody: what looks around has a thread of its own to start, and hears all tests. */
export const UNSEEN = [...ON_LOOPBACK, '--no-discovery'];

/** Windows has none: there a program that is sent one is ended at once, and says and tidies nothing. */
export const HAS_SIGNALS = process.platform !== 'win32';
/** The exit code of a command that is stopped by a signal. */
export const STOPPED_CODE = HAS_SIGNALS ? 6 : null;

export interface Ended {
  /** null: a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of `--json`. */
export type Line = Readonly<Record<string, unknown>> & { readonly event: string };

export type Launch = (
  command: string,
  args: readonly string[],
  options: SpawnOptions,
) => ChildProcess;

/** A program that runs, and what it has written. */
export class Program {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #looks = new Set<() => void>();
  #isOver = false;
  stdout = '';
  stderr = '';

  constructor(process: ChildProcess) {
    this.process = process;
    process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#look();
    });
    process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#look();
    });
    this.ended = new Promise((resolve) => {
      process.once('close', (code) => {
        this.#isOver = true;
        resolve({ code, stdout: this.stdout, stderr: this.stderr });
        this.#look();
      });
    });
  }

  /** All that was written, without what moves the cursor and the like. */
  get shown(): string {
    return `${this.stdout}${this.stderr}`.replaceAll(/\u001B\[[\d;?]*[A-Za-z]/g, '');
  }

  /** Throws where a line is not one JSON object with an event. */
  get lines(): Line[] {
    const whole = this.stdout.split('\n').slice(0, -1);
    return whole.map((line) => {
      const value = JSON.parse(line) as Line;
      if (typeof value.event !== 'string') throw new Error(`no event: ${line}`);
      return value;
    });
  }

  all(event: string): Line[] {
    return this.lines.filter((line) => line.event === event);
  }

  /** The first line of that event, now or later. */
  line(event: string, holds: (line: Line) => boolean = () => true): Promise<Line> {
    return this.until(`the event ${event}`, () => this.all(event).find(holds));
  }

  /** What it says in words, on either stream, now or later. */
  text(pattern: RegExp): Promise<RegExpExecArray> {
    return this.until(String(pattern), () => pattern.exec(this.shown));
  }

  /** Waits for what `find` finds; throws when the program ends without it. */
  until<T>(what: string, find: () => T | null | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === null || found === undefined || found === false) {
          if (!this.#isOver) return;
          reject(new Error(`ended without ${what}:\n${this.stdout}${this.stderr}`));
        } else resolve(found);
        this.#looks.delete(look);
      };
      this.#looks.add(look);
      look();
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Types on its keyboard: only with `keyboard`. */
  type(keys: string): void {
    this.process.stdin?.write(keys);
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Starts it elsewhere: on another host, in another namespace. */
  readonly launch?: Launch;
  /** Leaves its standard input open. */
  readonly keyboard?: boolean;
  /** A receiver that others find by its name. */
  readonly isSeen?: boolean;
}

/** A temporary folder with homes and programs in it; all of them are gone with `stop`. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'dropline-command-'));
  readonly #programs: Program[] = [];

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** Makes a folder in it. */
  directory(...parts: readonly string[]): string {
    const path = this.path(...parts);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Runs `dropline` with these words. Without `--home` its home is `home` here. */
  run(args: readonly string[], options: RunOptions = {}): Program {
    return this.start(process.execPath, [DROPLINE, ...args], options);
  }

  /** Runs `dropline` on a terminal of its own, whose output is all in `stdout`. */
  runOnTerminal(args: readonly string[]): Program {
    const words = [process.execPath, DROPLINE, ...args].map((word) => `'${word}'`).join(' ');
    const command = `stty cols 100 rows 30; exec ${words}`;
    return this.start('script', ['-qefc', command, '/dev/null'], { keyboard: true });
  }

  /** Runs any program. */
  start(command: string, args: readonly string[], options: RunOptions = {}): Program {
    const { cwd = this.folder, env = {}, launch = spawn, keyboard = false } = options;
    const program = new Program(
      launch(command, args, {
        cwd,
        env: {
          ...process.env,
          // what is said is looked for in English, whoever runs the tests
          LC_ALL: 'C',
          HOME: this.folder,
          USERPROFILE: this.folder,
          DROPLINE_HOME: this.path('home'),
          ...env,
        },
        stdio: [keyboard ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      }),
    );
    this.#programs.push(program);
    return program;
  }

  /** A receiver that is ready, with `--json`, and where it is; nobody finds it. */
  async receive(name: string, more: readonly string[] = [], options: RunOptions = {}) {
    const directory = this.path(`${name}-inbox`);
    const common = ['--json', '--home', this.path(`${name}-home`), '--name', name];
    const where = ['--dir', directory, '--port', '0', ...(options.isSeen ? ON_LOOPBACK : UNSEEN)];
    const program = this.run(['receive', ...common, ...where, ...more], options);
    const { port, peerId } = await program.line('listening');
    return { program, directory, port: Number(port), peerId: String(peerId) };
  }

  /** A sender with `--json`; it looks for nobody. */
  send(paths: readonly string[], to: string | number, more: readonly string[] = []): Program {
    const target = typeof to === 'number' ? `127.0.0.1:${to}` : to;
    const common = ['--json', '--home', this.path('sender-home'), '--no-discovery'];
    return this.run(['send', ...paths, '--to', target, ...common, ...more]);
  }

  async stop(): Promise<void> {
    for (const { process } of this.#programs) process.kill('SIGKILL');
    await Promise.all(this.#programs.map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** For tests that run side by side: each has a bench of its own. */
export function onBench(use: (bench: Bench) => Promise<void>): () => Promise<void> {
  return async () => {
    const bench = new Bench();
    try {
      await use(bench);
    } finally {
      await bench.stop();
    }
  };
}
