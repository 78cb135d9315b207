import { expect, test } from 'vitest';
import type { Way } from '../../electron/desktop/start-over.ts';
import { startOver } from '../../electron/desktop/start-over.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { DroplineError } from '../../shared/errors.ts';

/** If one of these fails: a device becomes a stranger to all that know it without having been asked. */

async function play(codes: readonly ErrorCode[], answers: readonly Way[]) {
  const left = [...codes];
  const said: (readonly Way[])[] = [];
  const ways = [...answers];
  let asides = 0;
  const started = await startOver({
    start: async () => {
      const code = left.shift();
      if (code !== undefined) throw new DroplineError(code, { path: '/home/me/identity.pem' });
      return 'started';
    },
    isOfIdentity: ({ code }) => code === 'IDENTITY_UNREADABLE',
    setIdentityAside: async () => void (asides += 1),
    tell: async (_failure, offered) => {
      said.push(offered);
      return ways.shift() ?? 'quit';
    },
  });
  return { started, said, asides };
}

test('a key that cannot be read is told with two choices, and trying again keeps it', async () => {
  const all: Way[] = ['tryAgain', 'newIdentity', 'quit'];
  expect(
    await play(['IDENTITY_UNREADABLE', 'IDENTITY_UNREADABLE'], ['tryAgain', 'tryAgain']),
  ).toEqual({ started: 'started', said: [all, all], asides: 0 });
});

test('a new identity is made only where it was chosen', async () => {
  expect(await play(['IDENTITY_UNREADABLE'], ['newIdentity'])).toMatchObject({
    started: 'started',
    asides: 1,
  });
  expect(await play(['IDENTITY_UNREADABLE'], ['quit'])).toMatchObject({ started: null, asides: 0 });
});

test('what has another cause offers no new identity', async () => {
  expect(await play(['HOME_LOCKED'], [])).toEqual({ started: null, said: [['quit']], asides: 0 });
});
