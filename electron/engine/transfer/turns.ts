import { setImmediate as nextTurn } from 'node:timers/promises';

/** Small steps in memory, before others on this thread get their turn: a few milliseconds of them. */
export const STEPS_PER_TURN = 500;
/** Steps that ask the disk, which may take a millisecond for each. */
export const DISK_STEPS_PER_TURN = 25;

/** Runs what yields after each small step: a hundred thousand of them may not keep a wire waiting. */
export async function inTurns<T>(
  steps: Generator<void, T>,
  stepsPerTurn = STEPS_PER_TURN,
): Promise<T> {
  for (let n = 1; ; n++) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (n % stepsPerTurn === 0) await nextTurn();
  }
}

/** The same, while anybody wants it; null: nobody does any more. */
export async function inTurnsWhile<T>(
  isWanted: () => boolean,
  steps: Generator<void, T>,
): Promise<T | null> {
  return inTurns(
    (function* () {
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
        if (!isWanted()) return null;
        yield;
      }
    })(),
  );
}
