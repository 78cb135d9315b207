import type { ExistingChoice } from '../../shared/model/plan.ts';
import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import type { Output } from './output.ts';
import { nameWarnings, offerLine } from './say-offer.ts';
import { planLines, planOf } from './say-plan.ts';
import type { Screen } from './screen.ts';
import { word } from './words.ts';

/** More than a plan of the largest offer takes. */
const PLAN_WAIT_MS = 5_000;

export interface Asking {
  /** An offer is said together with its question, when its turn comes. */
  readonly saysOffers: boolean;
  onChange(transfer: Transfer): void;
  /** What accepting it would do is known now. */
  onPlan(transfer: Transfer): void;
  stop(): void;
}

type Answer = (transferId: TransferId, accepted: boolean) => void;

/**
 * Puts each offer to the person, one at a time. Where there is no terminal nobody can be asked, and
 * every offer is declined.
 */
export function askOffers(
  engine: Engine,
  output: Output,
  { accept, existing }: { readonly accept: AcceptPolicy; readonly existing: ExistingChoice },
): Asking {
  const answer: Answer = (transferId, accepted) => {
    const input = { transferId, accept: accepted, folderId: null };
    engine.commands.answer(input).catch(() => undefined); // the offer is gone: said by its own end
  };
  const nothing = (): void => undefined;
  const quiet = { saysOffers: false, onChange: nothing, onPlan: nothing, stop: nothing };
  if (accept !== 'ask') return quiet;
  if (output.screen && process.stdin.isTTY) {
    return new Questions(output.screen, answer, existing);
  }
  output.warn(word('terminal.willDecline'));
  if (output.json) return declineOncePlanned(answer);
  return {
    ...quiet,
    onChange: (transfer) => {
      if (transfer.phase === 'offered') answer(transfer.id, false);
    },
  };
}

/** A program hears what accepting would have done. Of a folder that cannot be looked at there is no plan. */
function declineOncePlanned(answer: Answer): Asking {
  const waiting = new Map<TransferId, NodeJS.Timeout>();
  const settle = (transferId: TransferId): void => {
    clearTimeout(waiting.get(transferId));
    waiting.delete(transferId);
  };
  const decline = (transfer: Transfer): void => {
    settle(transfer.id);
    answer(transfer.id, false);
  };
  return {
    saysOffers: false,
    onChange: (transfer) => {
      if (transfer.phase !== 'offered') settle(transfer.id);
      else if (transfer.mode === 'plain' || planOf(transfer)) decline(transfer);
      else waiting.set(transfer.id, setTimeout(decline, PLAN_WAIT_MS, transfer));
    },
    onPlan: decline,
    stop: () => {
      for (const transferId of [...waiting.keys()]) settle(transferId);
    },
  };
}

class Questions implements Asking {
  readonly saysOffers = true;
  readonly #screen: Screen;
  readonly #answer: Answer;
  readonly #existing: ExistingChoice;
  readonly #waiting: Transfer[] = [];
  #current: { readonly transferId: TransferId; readonly abort: AbortController } | null = null;

  constructor(screen: Screen, answer: Answer, existing: ExistingChoice) {
    this.#screen = screen;
    this.#answer = answer;
    this.#existing = existing;
  }

  onChange(transfer: Transfer): void {
    if (transfer.phase === 'offered') {
      this.#waiting.push(transfer);
      void this.#next();
      return;
    }
    const at = this.#waiting.findIndex((t) => t.id === transfer.id);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (this.#current?.transferId === transfer.id) this.#current.abort.abort();
  }

  onPlan(transfer: Transfer): void {
    const at = this.#waiting.findIndex((t) => t.id === transfer.id);
    if (at >= 0) this.#waiting[at] = transfer;
    if (this.#current?.transferId === transfer.id) this.#sayPlan(transfer);
  }

  stop(): void {
    this.#waiting.length = 0;
    this.#current?.abort.abort();
  }

  async #next(): Promise<void> {
    if (this.#current) return;
    const transfer = this.#waiting.shift();
    if (!transfer) return;
    const abort = new AbortController();
    this.#current = { transferId: transfer.id, abort };
    for (const line of [offerLine(transfer), ...nameWarnings(transfer)]) this.#screen.line(line);
    this.#sayPlan(transfer);
    const typed = await this.#screen.ask(word('terminal.question'), abort.signal);
    this.#current = null;
    if (!abort.signal.aborted) this.#answer(transfer.id, /^y(es)?$/i.test(typed?.trim() ?? ''));
    await this.#next();
  }

  #sayPlan(transfer: Transfer): void {
    const plan = planOf(transfer);
    if (!plan) return;
    for (const line of planLines(plan, this.#existing)) this.#screen.line(line);
  }
}
