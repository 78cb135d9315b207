import { afterEach, expect, test } from 'vitest';
import { PairingAttack } from '../support/pairing-attack.ts';

/**
 * Pairings with somebody in between, over real TLS: how often both screens show the same code. Keys and
 * nonces are the system's own randomness, as in the product, so these runs follow from no seed. `npm test`
 * has its own few of them (pairing-attack.test.ts); here 10,000 runs stand for 20,000 pairings.
 */

const runs = Number(process.env['FUZZ_RUNS'] ?? 0);
const CHANCES = 1_000;

let attack: PairingAttack | null = null;

afterEach(async () => {
  await attack?.close();
  attack = null;
});

/** How many of so many tries showed two equal codes. */
async function equalOf(
  tries: number,
  how: 'hope' | 'grind',
  options: Parameters<typeof PairingAttack.open>[0],
): Promise<number> {
  const opened = await PairingAttack.open(options);
  attack = opened;
  let equal = 0;
  for (let tried = 0; tried < tries; tried++) {
    const { initiator, responder } = await opened.attempt(how);
    expect(initiator).toMatch(/^\d+$/);
    expect(responder).toMatch(/^\d+$/);
    if (initiator === responder) equal += 1;
  }
  console.log(`pairing-attack: ${equal} of ${tries} equal at ${options.codeDigits} digits`);
  return equal;
}

test('equal codes of three digits are as rare as chance', async () => {
  const tries = 2 * runs;
  const equal = await equalOf(tries, 'hope', { codeDigits: 3 });
  // 20 of 20,000, give or take 15; of fewer, as far from what is expected
  const far = 15 * Math.sqrt(tries / 20_000) + 3;
  expect(Math.abs(equal - tries / CHANCES)).toBeLessThanOrEqual(far);
});

test('none of six digits are equal', async () => {
  expect(await equalOf(Math.ceil(runs / 5), 'hope', { codeDigits: 6 })).toBe(0);
});

test('without the commitment every pair of codes is equal', async () => {
  const tries = Math.ceil(runs / 200);
  expect(await equalOf(tries, 'grind', { codeDigits: 4, commitment: false })).toBe(tries);
});
