import type { Choice } from '../../shared/model/choice.ts';
import { EVERYTHING } from '../../shared/model/choice.ts';
import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import { canChoose } from './ask-choice.ts';
import type { Asking } from './ask.ts';
import type { NoChoice } from './only.ts';
import { chosenOnly } from './only.ts';
import type { Output } from './output.ts';
import { namedPlaces } from './parse-choice.ts';
import { printable, word } from './words.ts';

interface OnlyOptions {
  readonly patterns: readonly string[];
  /** `paired`: of nobody else. */
  readonly accept: AcceptPolicy;
}

/** Takes of each offer what is named, without asking, and declines those in which nothing is. */
export function answerOnly(
  engine: Engine,
  output: Output,
  { patterns, accept: policy }: OnlyOptions,
): Asking {
  const answered = new Set<string>();
  const answer = async (transfer: Transfer): Promise<void> => {
    const { id, peer } = transfer;
    const isWelcome = policy !== 'paired' || peer.verified;
    const choice = isWelcome ? await choiceOf(engine, transfer, patterns) : 'nothing';
    const accept = typeof choice !== 'string';
    if (isWelcome && !accept) sayWhyNot(output, transfer, patterns, choice);
    const chosen = accept && choice.length > 0 ? choice : undefined;
    await engine.commands.answer({ transferId: id, accept, folderId: null, choice: chosen });
  };
  return {
    saysOffers: false,
    onChange: (transfer) => {
      if (transfer.phase !== 'offered') answered.delete(transfer.id);
      else if (!answered.has(transfer.id)) {
        answered.add(transfer.id);
        answer(transfer).catch(() => undefined); // the offer is gone: said by its own end
      }
    },
    onPlan: () => undefined,
    stop: () => undefined,
  };
}

async function choiceOf(
  engine: Engine,
  transfer: Transfer,
  patterns: readonly string[],
): Promise<Choice | NoChoice> {
  const { id: transferId, items } = transfer;
  if (!canChoose(transfer)) {
    const names = items.map(({ name }) => name);
    const isNamed = patterns.some((pattern) => namedPlaces(pattern, names).length > 0);
    return isNamed ? EVERYTHING : 'nothing';
  }
  const { listOffered } = engine.commands;
  return chosenOnly(patterns, (path, from, count) =>
    listOffered({ transferId, path, from, count }),
  );
}

function sayWhyNot(
  output: Output,
  { id, peer }: Transfer,
  patterns: readonly string[],
  why: NoChoice,
): void {
  const about = { name: printable(peer.name), what: patterns.map(printable).join(', ') };
  const [code, message] =
    why === 'nothing'
      ? (['PATH_NOT_FOUND', word('terminal.onlyNothing', about)] as const)
      : (['TOO_MANY_FILES', word('terminal.onlyTooMuch', about)] as const);
  output.event({ event: 'notice', transferId: id, code, message });
  output.warn(message);
}
