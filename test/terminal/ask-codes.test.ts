import { expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { askCodes } from '../../electron/terminal/ask-codes.ts';
import type { Output } from '../../electron/terminal/output.ts';
import type { QuestionQueue } from '../../electron/terminal/question-queue.ts';
import type { Pairing, PairingId } from '../../shared/model/pairing.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';

/** An engine of which only its pairings are looked at. */
class PairingsAlone {
  /** One has begun without being asked for, and is not shown yet. */
  awaitsCode = false;
  #pairings: readonly Pairing[] = [];
  #listener: (snapshot: Snapshot) => void = () => undefined;

  readonly engine = {
    awaitsCode: () => this.awaitsCode,
    snapshot: () => this.#snapshot(),
    subscribe: (listener: (snapshot: Snapshot) => void) => {
      this.#listener = listener;
      return () => undefined;
    },
  } as unknown as Engine;

  show(...pairings: readonly Pairing[]): void {
    this.#pairings = pairings;
    this.#listener(this.#snapshot());
  }

  #snapshot(): Snapshot {
    return { pairings: this.#pairings, paired: [] } as unknown as Snapshot;
  }
}

const connecting: Pairing = {
  pairingId: 'a'.repeat(32) as PairingId,
  peerId: null,
  name: 'Ben',
  address: '127.0.0.1',
  calledLike: null,
  code: null,
  phase: 'connecting',
};
const coded: Pairing = { ...connecting, code: '123 456', phase: 'comparing' };

const asked: string[] = [];
const questions = {
  put: ({ id }: { readonly id: string }) => asked.push(id),
  withdraw: () => undefined,
} as unknown as QuestionQueue;

/** If this fails, who sends something small for the first time is never asked whether the codes match. */
it.each([
  ['it has its code', [coded], 1],
  ['it has ended without', [], 0],
] as const)(
  'a code that is on its way is waited for, until %s',
  async (_name, then, questionCount) => {
    asked.length = 0;
    const world = new PairingsAlone();
    const codes = askCodes(world.engine, { line: () => undefined } as unknown as Output, questions);
    world.awaitsCode = true;
    let isKnown = false;
    const known = codes.known().then(() => (isKnown = true));
    world.show();
    await Promise.resolve();
    expect(isKnown).toBe(false);
    world.awaitsCode = false;
    world.show(...then);
    await known;
    expect(asked).toHaveLength(questionCount);
    codes.stop();
  },
);
