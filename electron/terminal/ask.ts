import type { Choice } from '../../shared/model/choice.ts';
import type { ExistingChoice } from '../../shared/model/plan.ts';
import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import { canChoose, choiceQuestion } from './ask-choice.ts';
import type { Output } from './output.ts';
import type { Question, QuestionQueue } from './question-queue.ts';
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

export interface AskOptions {
  readonly accept: AcceptPolicy;
  readonly existing: ExistingChoice;
  /** null: there is no terminal to ask on. */
  readonly questions: QuestionQueue | null;
}

/** `choice`: absent: all of it. */
type Answer = (transferId: TransferId, accepted: boolean, choice?: Choice) => void;

/**
 * Puts each offer to the person, one at a time. Where there is no terminal nobody can be asked, and
 * every offer is declined.
 */
export function askOffers(
  engine: Engine,
  output: Output,
  { accept, existing, questions }: AskOptions,
): Asking {
  const answer: Answer = (transferId, accepted, choice) => {
    const input = { transferId, accept: accepted, folderId: null, choice };
    engine.commands.answer(input).catch(() => undefined); // the offer is gone: said by its own end
  };
  const nothing = (): void => undefined;
  const quiet = { saysOffers: false, onChange: nothing, onPlan: nothing, stop: nothing };
  if (accept !== 'ask') return quiet;
  if (output.screen && questions) {
    return new OfferQuestions(engine, output.screen, questions, answer, existing);
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
      else if (isPlanned(transfer)) decline(transfer);
      else waiting.set(transfer.id, setTimeout(decline, PLAN_WAIT_MS, transfer));
    },
    onPlan: decline,
    stop: () => {
      for (const transferId of [...waiting.keys()]) settle(transferId);
    },
  };
}

/** Or never will be: nothing is planned of the bare exchange, nor of a text. */
function isPlanned(transfer: Transfer): boolean {
  return transfer.mode === 'plain' || transfer.content !== undefined || planOf(transfer) !== null;
}

/** Puts each offer to the person, with what accepting it would do. */
class OfferQuestions implements Asking {
  readonly saysOffers = true;
  readonly #engine: Engine;
  readonly #screen: Screen;
  readonly #questions: QuestionQueue;
  readonly #answer: Answer;
  readonly #existing: ExistingChoice;
  readonly #latest = new Map<TransferId, Transfer>();

  constructor(
    engine: Engine,
    screen: Screen,
    questions: QuestionQueue,
    answer: Answer,
    existing: ExistingChoice,
  ) {
    this.#engine = engine;
    this.#screen = screen;
    this.#questions = questions;
    this.#answer = answer;
    this.#existing = existing;
  }

  onChange(transfer: Transfer): void {
    const { id } = transfer;
    if (transfer.phase !== 'offered') {
      this.#latest.delete(id);
      this.#questions.withdraw(id);
      return;
    }
    this.#latest.set(id, transfer);
    this.#questions.put({
      id,
      lines: () => {
        const latest = this.#latest.get(id) ?? transfer;
        const hint = canChoose(latest) ? [word('terminal.chooseHint')] : [];
        return [offerLine(latest), ...nameWarnings(latest), ...this.#planLines(latest), ...hint];
      },
      words: word('terminal.question'),
      answer: (typed) => {
        this.#answer(id, /^y(es)?$/i.test(typed?.trim() ?? ''));
      },
      asksOn: (typed) =>
        canChoose(transfer) && /^c$/i.test(typed?.trim() ?? '') ? this.#choose(transfer) : null,
    });
  }

  onPlan(transfer: Transfer): void {
    if (!this.#latest.has(transfer.id)) return;
    this.#latest.set(transfer.id, transfer);
    if (!this.#questions.isAsking(transfer.id)) return;
    for (const line of this.#planLines(transfer)) this.#screen.line(line);
  }

  stop(): void {
    this.#questions.stop();
  }

  #choose(transfer: Transfer): Promise<Question | null> {
    const accept = (id: TransferId, choice: Choice | undefined): void =>
      this.#answer(id, true, choice);
    const decline = (id: TransferId): void => this.#answer(id, false);
    const how = { engine: this.#engine, screen: this.#screen, accept, decline };
    return choiceQuestion(how, transfer);
  }

  #planLines(transfer: Transfer): readonly string[] {
    const plan = planOf(transfer);
    return plan ? planLines(plan, this.#existing) : [];
  }
}
