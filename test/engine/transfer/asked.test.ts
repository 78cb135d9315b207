import { expect, it } from 'vitest';
import { Asked } from '../../../electron/engine/transfer/asked.ts';

/** What the main thread asks of another one. */

const LOST = { code: 'INTERNAL', details: { reason: 'exit' } } as const;

it('each question gets its own answer, in whatever order they come', async () => {
  const asked = new Asked<string>();
  const posted: number[] = [];
  const [first, second, third] = ['a', 'b', 'c'].map(() => asked.ask((n) => posted.push(n)));
  const [one = -1, two = -1, three = -1] = posted;
  asked.answered(two, 'second');
  asked.refused(three, { code: 'PORT_IN_USE', details: {} });
  asked.answered(one, 'first');
  asked.answered(one, 'again'); // nobody waits for it any more
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
  await expect(third).rejects.toMatchObject({ code: 'PORT_IN_USE' });
});

/** If this fails, whoever asks a thread that died waits for good. */
it('where the thread dies all that wait are told, and nothing is asked any more', async () => {
  const asked = new Asked<string>();
  const waiting = asked.ask(() => undefined);
  asked.lost(LOST);
  await expect(waiting).rejects.toMatchObject(LOST);
  const late = asked.ask(() => {
    throw new Error('It was asked.');
  });
  await expect(late).rejects.toMatchObject(LOST);
});
