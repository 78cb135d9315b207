import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { graphemes } from '../../shared/protocol/graphemes.ts';
import type { Output } from './output.ts';
import type { Screen } from './screen.ts';
import { printable, size, word } from './words.ts';

/** How often a line is printed where there is no terminal to draw on. */
const LINE_EVERY_MS = 2_000;
/** What of a name fits beside a bar. */
const MAX_NAME_SHOWN = 24;

type Moving = Transfer & { phase: 'transferring' };

export interface Progress {
  update(transfer: Moving): void;
  end(transferId: TransferId): void;
  stop(): void;
}

export function createProgress(output: Output): Progress {
  return output.screen ? barProgress(output.screen) : lineProgress(output);
}

/** The bare exchange tells the receiver no size. */
export function isUnsized({ mode, direction, phase }: Transfer): boolean {
  return mode === 'plain' && direction === 'receive' && phase !== 'delivered';
}

function barProgress(screen: Screen): Progress {
  return {
    update: (transfer) => {
      const totalBytes = isUnsized(transfer) ? null : transfer.totals.bytes;
      const { id, bytes } = transfer;
      const name = shortened(printable(transfer.items[0]?.name ?? ''));
      screen.updateBar(id, { bytes, totalBytes, label: `${amount(transfer)}  ${name}` });
    },
    end: (transferId) => {
      screen.endBar(transferId);
    },
    stop: () => {
      screen.stop();
    },
  };
}

/** Plain lines when piped. */
function lineProgress(output: Output): Progress {
  const printedAtMs = new Map<TransferId, number>();
  return {
    update: (transfer) => {
      const nowMs = performance.now();
      const last = printedAtMs.get(transfer.id);
      if (last === undefined) printedAtMs.set(transfer.id, nowMs);
      if (last === undefined || nowMs - last < LINE_EVERY_MS) return;
      printedAtMs.set(transfer.id, nowMs);
      output.line(amount(transfer));
    },
    end: (transferId) => printedAtMs.delete(transferId),
    stop: () => undefined,
  };
}

function amount(transfer: Moving): string {
  const done = size(transfer.bytes);
  const rate = size(transfer.bytesPerSecond);
  if (isUnsized(transfer)) return word('terminal.progressUnsized', { done, rate });
  return word('terminal.progress', { done, all: size(transfer.totals.bytes), rate });
}

function shortened(name: string): string {
  const letters = Array.from(graphemes(name), ({ segment }) => segment);
  if (letters.length <= MAX_NAME_SHOWN) return name;
  return `${letters.slice(0, MAX_NAME_SHOWN - 1).join('')}…`;
}
