import type { PairedDevice, Pairing, PairingAnswer } from '../../shared/model/pairing.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Engine } from '../engine/engine.ts';
import type { Output } from './output.ts';
import type { Question } from './question-queue.ts';
import { QuestionQueue } from './question-queue.ts';
import { printable, word } from './words.ts';

/** Codes are compared where somebody sees them and can answer. */
export function canCompareCodes(output: Output): boolean {
  return output.screen !== null && process.stdin.isTTY;
}

export function createQuestions(output: Output): QuestionQueue | null {
  return output.screen && canCompareCodes(output) ? new QuestionQueue(output.screen) : null;
}

export interface CodeAsking {
  /** Resolves when each pairing that has begun has its code, or ended without: a transfer may end before. */
  known(): Promise<void>;
  /** Resolves when no code is shown, on this side or the other. */
  over(): Promise<void>;
  stop(): void;
}

/** Puts each code to the person, and tells who is paired. */
export function askCodes(engine: Engine, output: Output, questions: QuestionQueue): CodeAsking {
  let onKnown: () => void = () => undefined;
  let onOver: () => void = () => undefined;
  let shown: ReadonlySet<string> = new Set();
  let known = new Set(engine.snapshot().paired.map(({ id }) => id));
  const look = ({ pairings, paired }: Snapshot): void => {
    const coded = pairings.filter(({ code }) => code !== null);
    const ids = new Set(coded.map(({ pairingId }) => String(pairingId)));
    for (const id of shown) if (!ids.has(id)) questions.withdraw(id);
    for (const pairing of coded) {
      if (!shown.has(pairing.pairingId)) questions.put(questionOf(pairing, paired));
    }
    shown = ids;
    for (const { id, name } of paired) {
      if (!known.has(id)) output.line(word('terminal.paired', { name: printable(name) }));
    }
    known = new Set(paired.map(({ id }) => id));
    if (!engine.awaitsCode()) onKnown();
    if (shown.size === 0) onOver();
  };
  const questionOf = (pairing: Pairing, paired: readonly PairedDevice[]): Question => ({
    id: pairing.pairingId,
    lines: () => codeLines(pairing, paired),
    words: word('terminal.codeQuestion'),
    answer: (typed) => {
      const answer = answerOf(typed);
      if (answer === 'match') {
        output.line(word('terminal.codeWait', { name: printable(pairing.name) }));
      }
      const input = { pairingId: pairing.pairingId, answer };
      engine.commands.answerPairing(input).catch(() => undefined); // it is over: said by its own end
    },
  });
  const stop = engine.subscribe(look);
  return {
    stop,
    known: () =>
      new Promise((resolve) => {
        onKnown = resolve;
        look(engine.snapshot());
      }),
    over: () =>
      new Promise((resolve) => {
        onOver = resolve;
        look(engine.snapshot());
      }),
  };
}

function codeLines(pairing: Pairing, paired: readonly PairedDevice[]): readonly string[] {
  const impostor = paired.find(({ id }) => id === pairing.calledLike);
  const lines = impostor
    ? [word('terminal.calledLike', { name: printable(impostor.name) })]
    : ([] as string[]);
  const name = printable(pairing.name);
  return [...lines, word('terminal.code', { name, code: pairing.code ?? '' })];
}

/** Anything but a clear word leaves it for another time. */
function answerOf(typed: string | null): PairingAnswer {
  const said = typed?.trim().toLowerCase() ?? '';
  if (said === 'y' || said === 'yes') return 'match';
  return said === 'n' || said === 'no' ? 'mismatch' : 'later';
}
