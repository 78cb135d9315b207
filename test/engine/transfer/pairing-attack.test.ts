import { afterEach, expect, test } from 'vitest';
import { CODE_DIGITS } from '../../../shared/protocol/limits.ts';
import type { AttackOptions, Codes } from '../../support/pairing-attack.ts';
import { PairingAttack } from '../../support/pairing-attack.ts';

/** Somebody in the middle of a pairing, over real TLS. `npm run fuzz` has the large counts. */

let attack: PairingAttack;

afterEach(() => attack.close());

async function equalCodes(
  options: AttackOptions,
  count: number,
  run: (attack: PairingAttack) => Promise<Codes>,
): Promise<number> {
  attack = await PairingAttack.open(options);
  let equal = 0;
  for (let n = 0; n < count; n++) {
    const { initiator, responder } = await run(attack);
    expect(initiator).toMatch(new RegExp(`^\\d{${options.codeDigits}}$`));
    expect(responder).toMatch(new RegExp(`^\\d{${options.codeDigits}}$`));
    if (initiator === responder) equal += 1;
  }
  return equal;
}

test('two honest devices show the same code each time', async () => {
  const options = { codeDigits: CODE_DIGITS };
  expect(await equalCodes(options, 10, (a) => a.honest())).toBe(10);
});

test('whoever is in between gets equal codes as often as chance has it', async () => {
  // of one digit 12 of 120 are expected; beyond these bounds is less than 1 in 100,000 runs
  const equal = await equalCodes({ codeDigits: 1 }, 120, (a) => a.attempt('hope'));
  expect(equal).toBeGreaterThan(0);
  expect(equal).toBeLessThan(30);
});

test('and none of six digits', async () => {
  const options = { codeDigits: CODE_DIGITS };
  expect(await equalCodes(options, 10, (a) => a.attempt('hope'))).toBe(0);
});

test('without the commitment its codes would be equal each time', async () => {
  const options = { codeDigits: 3, commitment: false };
  expect(await equalCodes(options, 10, (a) => a.attempt('grind'))).toBe(10);
});

test('with it, a nonce that was ground out is no use', async () => {
  attack = await PairingAttack.open({ codeDigits: 3 });
  const { initiator, responder } = await attack.attempt('grind');
  expect(initiator).toMatch(/^\d{3}$/);
  expect(responder).toContain('PROTOCOL_VIOLATION');
});
