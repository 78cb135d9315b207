import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { MultiBar, Presets } from 'cli-progress';
import type { SingleBar } from 'cli-progress';

const CTRL_C = 0x03;
/** Long enough for the system to hand over what was typed, too short to be noticed. */
const DRAIN_MS = 50;
const ERASE_LINE = '\r\u001B[K';

export interface BarState {
  readonly bytes: number;
  /** null: not known. */
  readonly totalBytes: number | null;
  /** What stands beside the bar. */
  readonly label: string;
}

/** A terminal on which lines, bars and one question take turns, so that none tears another. */
export class Screen {
  readonly #bars = new Map<string, SingleBar>();
  #multi: MultiBar | null = null;
  #question: Interface | null = null;
  #asking = false;

  line(text: string, stream: NodeJS.WriteStream = process.stdout): void {
    this.#hideBars();
    if (this.#question) process.stdout.write(ERASE_LINE);
    stream.write(`${text}\n`);
    this.#question?.prompt(true);
  }

  /** While a question is open no bar is drawn; the next update brings it back. */
  updateBar(id: string, { bytes, totalBytes, label }: BarState): void {
    if (this.#asking) return;
    this.#multi ??= new MultiBar(
      { hideCursor: true, clearOnComplete: true, gracefulExit: false, stream: process.stdout },
      Presets.shades_classic,
    );
    const format = totalBytes === null ? '{label}' : '{bar} {percentage}%  {label}';
    const total = Math.max(1, totalBytes ?? 1);
    const bar = this.#bars.get(id) ?? this.#multi.create(total, 0, { label }, { format });
    this.#bars.set(id, bar);
    bar.update(totalBytes === 0 ? 1 : Math.min(bytes, total), { label });
  }

  /** The bars that remain come back with their next update. */
  endBar(id: string): void {
    if (this.#bars.has(id)) this.#hideBars();
  }

  /**
   * Asks for one line. Whatever was typed before the question could be read answers nothing. null: the
   * signal came, or the person closed the input.
   */
  async ask(question: string, signal: AbortSignal): Promise<string | null> {
    this.#asking = true;
    this.#hideBars();
    try {
      await drainInput();
      return signal.aborted ? null : await this.#readLine(question, signal);
    } finally {
      this.#asking = false;
    }
  }

  stop(): void {
    this.#hideBars();
  }

  #readLine(question: string, signal: AbortSignal): Promise<string | null> {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    this.#question = terminal;
    terminal.setPrompt(question);
    return new Promise((resolve) => {
      const end = (text: string | null): void => {
        if (this.#question !== terminal) return;
        this.#question = null;
        signal.removeEventListener('abort', onAbort);
        terminal.close();
        resolve(text);
      };
      const onAbort = (): void => {
        process.stdout.write(ERASE_LINE);
        end(null);
      };
      signal.addEventListener('abort', onAbort);
      terminal.on('line', end);
      terminal.on('close', () => {
        if (this.#question === terminal) process.stdout.write('\n');
        end(null);
      });
      // readline takes Ctrl-C for itself; here it means what it means everywhere
      terminal.on('SIGINT', raiseInterrupt);
      terminal.prompt();
    });
  }

  #hideBars(): void {
    this.#multi?.stop();
    this.#multi = null;
    this.#bars.clear();
  }
}

/** Raw for a moment: only then is a line that was begun and not ended handed over as well. */
async function drainInput(): Promise<void> {
  const { stdin } = process;
  const drop = (typed: Buffer): void => {
    if (typed.includes(CTRL_C)) raiseInterrupt();
  };
  stdin.setRawMode(true);
  stdin.on('data', drop);
  stdin.resume();
  await pause(DRAIN_MS);
  stdin.pause();
  stdin.removeListener('data', drop);
  stdin.setRawMode(false);
}

function raiseInterrupt(): void {
  process.kill(process.pid, 'SIGINT');
}
