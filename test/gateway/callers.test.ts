import { spawn } from 'node:child_process';
import { endianness } from 'node:os';
import { expect, test } from 'vitest';
import type { CallerHost, Ends } from '../../electron/gateway/callers.ts';
import { isOwnCaller, written } from '../../electron/gateway/callers.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import { ConsoleHarness } from './console-harness.ts';

/** If one of these fails: another user of the computer opens the window of the one who started it. */

const OWN = 1000;
const socket: Ends = {
  localAddress: '127.0.0.1',
  localPort: 47711,
  remoteAddress: '127.0.0.1',
  remotePort: 50000,
};
const OURS = '0100007F:BA5F';
const THEIRS = '0100007F:C350';
const mapped = (end: string) => `0000000000000000FFFF0000${end}`;

function line(local: string, remote: string, uid: number, state = '01', inode = 1234): string {
  const numbers = `${state} 00000000:00000000 00:00000000 00000000`;
  const who = `${String(uid).padStart(5)}        0 ${inode}`;
  return `   7: ${local} ${remote} ${numbers} ${who} 1 0 20 4 30 10 -1`;
}

function host(lines: readonly string[], lines6: readonly string[] = []): CallerHost {
  const text = (rows: readonly string[]) => ['  sl  local_address …', ...rows, ''].join('\n');
  return {
    ownUid: OWN,
    readTable: (path) => Promise.resolve(text(path.endsWith('6') ? lines6 : lines)),
  };
}

const ownEnd = line(OURS, THEIRS, OWN);

test.runIf(endianness() === 'LE').each([
  ['our own program', [line(THEIRS, OURS, OWN)], [], true],
  ['a program of the superuser', [line(THEIRS, OURS, 0)], [], true],
  ['another user’s program', [line(THEIRS, OURS, 1001)], [], false],
  [
    'our own browser, through a socket for IPv6',
    [],
    [line(mapped(THEIRS), mapped(OURS), OWN)],
    true,
  ],
  ['another’s, through a socket for IPv6', [], [line(mapped(THEIRS), mapped(OURS), 1001)], false],
  ['one with the same port at another address', [line('0200007F:C350', OURS, OWN)], [], false],
  ['one whose socket cannot be found', [], [], false],
  ['one that has closed: the system says 0', [line(THEIRS, OURS, 0, '05', 0)], [], false],
  ['one that has closed a while ago', [line(THEIRS, OURS, 0, '06', 0)], [], false],
  ['our own, which only says no more', [line(THEIRS, OURS, OWN, '05')], [], true],
] as const)('%s', async (_who, lines, lines6, isOwn) => {
  expect(await isOwnCaller(socket, host([ownEnd, ...lines], lines6))).toBe(isOwn);
});

test('an address is written as the kernel does', () => {
  const [plain, inSix] = written('127.0.0.1', 80);
  if (endianness() === 'LE') expect(plain).toBe('0100007F:0050');
  expect(inSix).toHaveLength(37);
  expect(written('::1', 80)).toEqual([]);
});

test('a caller that has gone is nobody’s', async () => {
  const gone: Ends = { ...socket, remoteAddress: undefined, remotePort: undefined };
  expect(await isOwnCaller(gone, host([line(THEIRS, OURS, OWN)]))).toBe(false);
});

test('where the system does not tell, the link alone decides', async () => {
  const silent = { ...host([]), ownUid: null };
  expect(await isOwnCaller(socket, silent)).toBe(true);
  const unreadable = { ownUid: OWN, readTable: () => Promise.reject(new Error('EACCES')) };
  expect(await isOwnCaller(socket, unreadable)).toBe(true);
});

/** Asks as the user `nobody`, who may read the whole link. Answers the status and what was said. */
async function asNobody(url: string): Promise<string> {
  const ask = `require('node:http').get(process.argv[1], (answer) => {
    process.stdout.write(answer.statusCode + ' ' + answer.headers['set-cookie'] + ' ');
    answer.pipe(process.stdout);
  })`;
  const child = spawn(process.execPath, ['-e', ask, url], { uid: NOBODY, cwd: '/', env: {} });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await new Promise((resolve) => child.once('close', resolve));
  return said;
}

const NOBODY = 65534;
// Only the superuser can become somebody else.
const canBecomeAnother = process.platform === 'linux' && process.getuid?.() === 0;

test.runIf(canBecomeAnother)('another user gets nothing with the very link', async () => {
  const harness = await ConsoleHarness.start();
  try {
    for (const url of [harness.console.url, harness.console.openerUrl]) {
      const said = await asNobody(url);
      expect(said).toMatch(/^403 undefined /);
      expect(said).toContain(en.console.refused.stranger.title);
    }
    // nor has it spent the link
    expect((await harness.ask(harness.tokenPath)).status).toBe(303);
  } finally {
    await harness.stop();
  }
});

test.runIf(canBecomeAnother)('another user is let in where the person wanted it', async () => {
  const harness = await ConsoleHarness.start({ otherUsers: true });
  try {
    expect(await asNobody(harness.console.url)).toMatch(/^303 dropline-\d+=/);
  } finally {
    await harness.stop();
  }
});
