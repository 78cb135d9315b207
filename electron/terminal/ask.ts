import { createInterface } from 'node:readline/promises';
import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import type { Output } from './output.ts';
import { offerLine } from './say-offer.ts';
import { printable, word } from './words.ts';

export interface Asking {
  onChange(transfer: Transfer): void;
  stop(): void;
}

/**
 * Puts each offer to the person, one at a time. Where there is no terminal nobody can be asked, and
 * every offer is declined.
 */
export function askOffers(engine: Engine, output: Output, accept: AcceptPolicy): Asking {
  const answer = (transferId: TransferId, accepted: boolean): void => {
    const input = { transferId, accept: accepted, folderId: null };
    engine.commands.answer(input).catch(() => undefined); // the offer is gone: said by its own end
  };
  if (accept !== 'ask') return { onChange: () => undefined, stop: () => undefined };
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY && !output.json;
  if (!isTerminal) {
    output.warn(word('terminal.willDecline'));
    return {
      onChange: (transfer) => {
        if (transfer.phase === 'offered') answer(transfer.id, false);
      },
      stop: () => undefined,
    };
  }
  return askOnTerminal(engine, answer);
}

function askOnTerminal(
  engine: Engine,
  answer: (transferId: TransferId, accepted: boolean) => void,
): Asking {
  const waiting: Transfer[] = [];
  let current: { readonly transferId: TransferId; readonly abort: AbortController } | null = null;
  const next = async (): Promise<void> => {
    const transfer = waiting.shift();
    if (!transfer || current) return;
    const abort = new AbortController();
    current = { transferId: transfer.id, abort };
    const accepted = await ask(transfer, engine.snapshot().self.directory, abort.signal);
    current = null;
    if (accepted !== null) answer(transfer.id, accepted);
    await next();
  };
  return {
    onChange: (transfer) => {
      if (transfer.phase === 'offered') {
        waiting.push(transfer);
        void next();
        return;
      }
      const at = waiting.findIndex((t) => t.id === transfer.id);
      if (at >= 0) waiting.splice(at, 1);
      if (current?.transferId === transfer.id) current.abort.abort();
    },
    stop: () => {
      waiting.length = 0;
      current?.abort.abort();
    },
  };
}

/** null: the offer went away before there was an answer. */
async function ask(
  transfer: Transfer,
  directory: string,
  signal: AbortSignal,
): Promise<boolean | null> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // readline takes Ctrl-C for itself; here it means what it means everywhere
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const question = word('terminal.question', { directory: printable(directory) });
    const text = await terminal.question(`${offerLine(transfer)}\n${question}`, { signal });
    return /^y(es)?$/i.test(text.trim());
  } catch {
    return null;
  } finally {
    terminal.close();
  }
}
