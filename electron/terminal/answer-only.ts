import type { Choice } from '../../shared/model/choice.ts';
import { EVERYTHING } from '../../shared/model/choice.ts';
import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import { canChoose } from './ask-choice.ts';
import type { Asking } from './ask.ts';
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
  { patterns, accept }: OnlyOptions,
): Asking {
  const answered = new Set<string>();
  const answer = async (transfer: Transfer): Promise<void> => {
    const { id, peer } = transfer;
    const isWelcome = accept !== 'paired' || peer.verified;
    const choice = isWelcome ? await choiceOf(engine, transfer, patterns) : null;
    if (isWelcome && choice === null) sayNothing(output, transfer, patterns);
    const chosen = choice === null || choice.length === 0 ? undefined : choice;
    const input = { transferId: id, accept: choice !== null, folderId: null, choice: chosen };
    await engine.commands.answer(input);
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

/** null: nothing of it. */
async function choiceOf(
  engine: Engine,
  transfer: Transfer,
  patterns: readonly string[],
): Promise<Choice | null> {
  const { id: transferId, items } = transfer;
  if (!canChoose(transfer)) {
    const names = items.map(({ name }) => name);
    const isNamed = patterns.some((pattern) => namedPlaces(pattern, names).length > 0);
    return isNamed ? EVERYTHING : null;
  }
  const { listOffered } = engine.commands;
  return chosenOnly(patterns, (path, from, count) =>
    listOffered({ transferId, path, from, count }),
  );
}

function sayNothing(output: Output, { id, peer }: Transfer, patterns: readonly string[]): void {
  const what = patterns.map(printable).join(', ');
  const message = word('terminal.onlyNothing', { name: printable(peer.name), what });
  output.event({ event: 'notice', transferId: id, code: 'PATH_NOT_FOUND', message });
  output.warn(message);
}
