import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { MultiBar, Presets } from 'cli-progress';
import type { SingleBar } from 'cli-progress';
import { raiseInterrupt } from './interruption.ts';

const CTRL_C = 0x03;
/** Long enough for the system to hand over what was typed, too short to be noticed. */
const DRAIN_MS = 50;
const ERASE_LINE = '\r\u001B[K';

interface ScreenEnds {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly clock: { readonly after: (ms: number, run: () => void) => () => void };
}

export interface BarState {
  readonly bytes: number;
  /** null: not known. */
  readonly totalBytes: number | null;
  /** What stands beside the bar. */
  readonly label: string;
}

/** A terminal on which lines, bars and one question take turns, so that none tears another. */
export class Screen {
  readonly #ends: ScreenEnds;
  readonly #bars = new Map<string, SingleBar>();
  #multi: MultiBar | null = null;
  #question: Interface | null = null;
  #asking = false;

  constructor(ends: ScreenEnds = realEnds()) {
    this.#ends = ends;
  }

  line(text: string, stream: NodeJS.WriteStream = this.#ends.output): void {
    this.#hideBars();
    if (this.#question) this.#ends.output.write(ERASE_LINE);
    stream.write(`${text}\n`);
    this.#question?.prompt(true);
  }

  /** While a question is open no bar is drawn; the next update brings it back. */
  updateBar(id: string, { bytes, totalBytes, label }: BarState): void {
    if (this.#asking) return;
    this.#multi ??= new MultiBar(
      { hideCursor: true, clearOnComplete: true, gracefulExit: false, stream: this.#ends.output },
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
   * Asks for one line. Whatever was typed before the question could be read answers nothing, nor does
   * what is typed in the first `quietMs`. null: the signal came, or the person closed the input.
   */
  async ask(question: string, signal: AbortSignal, quietMs = 0): Promise<string | null> {
    this.#asking = true;
    this.#hideBars();
    try {
      await drainInput(this.#ends, Math.max(DRAIN_MS, quietMs), signal);
      return signal.aborted ? null : await this.#readLine(question, signal);
    } finally {
      this.#asking = false;
    }
  }

  stop(): void {
    this.#hideBars();
  }

  #readLine(question: string, signal: AbortSignal): Promise<string | null> {
    const { input, output } = this.#ends;
    const terminal = createInterface({ input, output });
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
        this.#ends.output.write(ERASE_LINE);
        end(null);
      };
      signal.addEventListener('abort', onAbort);
      terminal.on('line', end);
      terminal.on('close', () => {
        if (this.#question === terminal) this.#ends.output.write('\n');
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

function realEnds(): ScreenEnds {
  const after = (ms: number, run: () => void): (() => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  };
  return { input: process.stdin, output: process.stdout, clock: { after } };
}

/** Raw for a moment: only then is a line that was begun and not ended handed over as well. */
async function drainInput(
  { input, clock }: ScreenEnds,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const drop = (typed: Buffer): void => {
    if (typed.includes(CTRL_C)) raiseInterrupt();
  };
  input.setRawMode(true);
  input.on('data', drop);
  input.resume();
  await new Promise<void>((resolve) => {
    const end = (): void => {
      stopTimer();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stopTimer = clock.after(ms, end);
    signal.addEventListener('abort', end);
  });
  input.pause();
  input.removeListener('data', drop);
  input.setRawMode(false);
}
