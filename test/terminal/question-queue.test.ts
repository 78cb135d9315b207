import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { QuestionQueue } from '../../electron/terminal/question-queue.ts';
import { Screen } from '../../electron/terminal/screen.ts';
import { HandClock } from '../support/hand-clock.ts';

/** If these fail, who offers something harmless and takes it back gets the yes for something else. */

const DRAIN_MS = 50;
const ARM_MS = 700;

function desk() {
  const input = Object.assign(new PassThrough(), { setRawMode: () => undefined });
  const output = new PassThrough();
  const clock = new HandClock();
  const ends = { input: input as never, output: output as never, clock };
  const questions = new QuestionQueue(new Screen(ends));
  const answers: string[] = [];
  return {
    answers,
    output,
    sayAgain: () => questions.sayAgain(),
    withdraw: async (id: string): Promise<void> => {
      questions.withdraw(id);
      await nextTurn();
    },
    put: (id: string): void =>
      questions.put({
        id,
        lines: () => [`${id} is offered`],
        words: `${id}?`,
        answer: (typed) => answers.push(`${id}: ${String(typed)}`),
      }),
    /** Reaches whoever listens at that moment. */
    type: async (text: string): Promise<void> => {
      input.emit('data', Buffer.from(text));
      await nextTurn();
    },
    wait: async (ms: number): Promise<void> => {
      clock.turn(ms);
      await nextTurn();
    },
  };
}

test('what a standing question is about is said again, and nothing where none stands', async () => {
  const { output, put, sayAgain, withdraw, wait } = desk();
  const said = () => String(output.read() ?? '');
  sayAgain();
  expect(said()).toBe('');
  put('file');
  await wait(DRAIN_MS);
  expect(said()).toContain('file is offered');
  sayAgain();
  expect(said()).toMatch(/file is offered\n[^]*file\?/);
  await withdraw('file');
  said();
  sayAgain();
  expect(said()).toBe('');
});

test('a question that replaces a withdrawn one takes no answer before the person can have seen it', async () => {
  const { answers, put, withdraw, type, wait } = desk();
  put('harmless');
  put('other');
  await wait(DRAIN_MS);
  await type('y');
  await withdraw('harmless');
  await wait(ARM_MS - 1);
  await type('\n');
  await type('y\n');
  expect(answers).toEqual([]);
  await wait(1);
  await type('n\n');
  expect(answers).toEqual(['other: n']);
});

test('nor does one that comes a little after the withdrawal, or replaces a replacement', async () => {
  const { answers, put, withdraw, type, wait } = desk();
  put('harmless');
  await wait(DRAIN_MS);
  await withdraw('harmless');
  await wait(DRAIN_MS);
  put('second');
  await wait(DRAIN_MS);
  put('third');
  await withdraw('second');
  await wait(ARM_MS - 1);
  await type('y\n');
  expect(answers).toEqual([]);
  await wait(1);
  await type('n\n');
  expect(answers).toEqual(['third: n']);
});

test('the first question and one after an answer are open at once', async () => {
  const { answers, put, type, wait } = desk();
  put('first');
  put('second');
  await wait(DRAIN_MS);
  await type('y\n');
  await wait(DRAIN_MS);
  await type('n\n');
  expect(answers).toEqual(['first: y', 'second: n']);
});
