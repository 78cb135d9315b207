import { afterEach, beforeEach, expect, test } from 'vitest';
import { LOCKED_MS, MAX_WRONG_TOKENS, OPENER_LINK_MS } from '../../electron/gateway/access.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import { ConsoleHarness } from './console-harness.ts';

/**
 * If one of these fails: whoever reads the arguments of the program that opens the browser gets in later,
 * or nobody notices that somebody else was first, or a link can be tried for ever.
 */

let harness: ConsoleHarness;
let nowMs = 0;

beforeEach(async () => {
  nowMs = 1_000;
  harness = await ConsoleHarness.start({ nowMs: () => nowMs });
});
afterEach(() => harness.stop());

const WRONG = `/?token=${'A'.repeat(43)}`;

test('the opener gets a link of its own, and either of the two spends both', async () => {
  expect(harness.openerPath).not.toBe(harness.tokenPath);
  expect((await harness.ask(harness.openerPath)).status).toBe(303);
  for (const path of [harness.openerPath, harness.tokenPath]) {
    const again = await harness.ask(path);
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.body).toContain(en.console.refused.used.text);
  }
});

test('the link of the opener is good for a minute, the one that was printed for as long as it takes', async () => {
  nowMs += OPENER_LINK_MS + 1;
  const late = await harness.ask(harness.openerPath);
  expect(late.status).toBe(403);
  expect(late.body).toContain(en.console.refused.late.text);
  expect((await harness.ask(harness.tokenPath)).status).toBe(303);
});

test('who tries wrong links locks them for a minute, and the window that is open stays', async () => {
  const other = await ConsoleHarness.start({ nowMs: () => nowMs });
  try {
    const cookie = await other.enter();
    for (let n = 0; n < MAX_WRONG_TOKENS; n++) {
      for (const console of [harness, other]) {
        expect((await console.ask(WRONG)).body).toContain(en.console.refused.unknown.text);
      }
    }
    const locked = await harness.ask(harness.tokenPath);
    expect(locked.status).toBe(403);
    expect(locked.body).toContain(en.console.refused.locked.text);
    expect((await other.ask('/', { cookie })).status).toBe(200);
    nowMs += LOCKED_MS;
    expect((await harness.ask(harness.tokenPath)).status).toBe(303);
  } finally {
    await other.stop();
  }
});

test.each([
  ['a picture', { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' }],
  ['a frame', { 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' }],
  ['a script', { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }],
])('%s of another page neither opens the link nor counts as a wrong one', async (_what, how) => {
  const headers = { 'sec-fetch-site': 'cross-site', ...how };
  for (let n = 0; n <= MAX_WRONG_TOKENS; n++) await harness.ask(WRONG, headers);
  const answer = await harness.ask(harness.tokenPath, headers);
  expect(answer.status).toBe(403);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect((await harness.ask(harness.tokenPath)).status).toBe(303);
});
