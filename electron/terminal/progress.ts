import { MultiBar, Presets } from 'cli-progress';
import type { SingleBar } from 'cli-progress';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { printable, size, word } from './words.ts';

/** How often a line is printed where there is no terminal to draw on. */
const LINE_EVERY_MS = 2_000;

export interface Progress {
  update(transfer: Transfer & { phase: 'transferring' }): void;
  end(transferId: TransferId): void;
  /** Prints a line without tearing the bars. */
  line(text: string): void;
  stop(): void;
}

/** Bars on a terminal. */
export function barProgress(): Progress {
  const bars = new Map<TransferId, SingleBar>();
  const screen = new MultiBar(
    {
      format: '{bar} {percentage}%  {sizes}  {rate}/s  {name}',
      hideCursor: true,
      stream: process.stdout,
    },
    Presets.shades_classic,
  );
  return {
    update: (transfer) => {
      const bytes = transfer.totals.bytes;
      const bar = bars.get(transfer.id) ?? screen.create(Math.max(1, bytes), 0);
      bars.set(transfer.id, bar);
      bar.update(bytes === 0 ? 1 : transfer.bytes, {
        sizes: `${size(transfer.bytes)} / ${size(bytes)}`,
        rate: size(transfer.bytesPerSecond),
        name: printable(transfer.items[0]?.name ?? ''),
      });
    },
    end: (transferId) => {
      const bar = bars.get(transferId);
      if (bar) screen.remove(bar);
      bars.delete(transferId);
    },
    line: (text) => {
      if (bars.size > 0) screen.log(`${text}\n`);
      else process.stdout.write(`${text}\n`);
    },
    stop: () => {
      screen.stop();
    },
  };
}

/** Plain lines when piped. */
export function lineProgress(print: (text: string) => void): Progress {
  const printedAtMs = new Map<TransferId, number>();
  return {
    update: (transfer) => {
      const nowMs = performance.now();
      const last = printedAtMs.get(transfer.id);
      if (last === undefined) printedAtMs.set(transfer.id, nowMs);
      if (last === undefined || nowMs - last < LINE_EVERY_MS) return;
      printedAtMs.set(transfer.id, nowMs);
      const done = size(transfer.bytes);
      const all = size(transfer.totals.bytes);
      print(word('terminal.progress', { done, all, rate: size(transfer.bytesPerSecond) }));
    },
    end: (transferId) => printedAtMs.delete(transferId),
    line: print,
    stop: () => undefined,
  };
}
