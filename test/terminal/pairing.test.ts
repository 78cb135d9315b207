import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Program } from '../support/command.ts';
import { Bench, UNSEEN } from '../support/command.ts';
import { putFile } from '../support/trees.ts';

/**
 * If these fail, a person at a terminal cannot tell whom a file goes to, or a script is asked for an
 * answer that it cannot give.
 */

const QUESTION = 'Do they match? ';
const CODE = /Code (\d{3} \d{3})\. Does/;

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.stop());

async function receiveOnTerminal(...more: readonly string[]) {
  const where = ['--dir', bench.path('inbox'), '--home', bench.path('ben'), ...UNSEEN];
  const program = bench.runOnTerminal(['receive', '--port', '0', ...where, ...more]);
  const [, port] = await program.text(/ready on port (\d+)/);
  return { program, port: port ?? '' };
}

function sendOnTerminal(port: string): Program {
  const file = putFile(bench.path('letter.txt'), 20);
  const to = ['--to', `127.0.0.1:${port}`, '--home', bench.path('ada'), ...UNSEEN];
  return bench.runOnTerminal(['send', file, ...to]);
}

async function asked(program: Program): Promise<string> {
  await program.until('the question', () => program.shown.includes(QUESTION));
  return CODE.exec(program.shown)?.[1] ?? '';
}

describe.skipIf(process.platform === 'win32')('on two terminals', () => {
  it('one code is shown, and who says y on both is paired from then on', async () => {
    const ben = await receiveOnTerminal('--accept', 'all', '--count', '2');
    const ada = sendOnTerminal(ben.port);
    const codes = [await asked(ada), await asked(ben.program)];
    expect(codes[0]).toMatch(/^\d{3} \d{3}$/);
    expect(codes[1]).toBe(codes[0]);
    ada.type('y\r');
    ben.program.type('y\r');
    await ada.text(/ is paired/);
    await ben.program.text(/ is paired/);
    expect((await ada.ended).code).toBe(0);

    const file = putFile(bench.path('second.txt'), 20);
    const events = bench.send([file], Number(ben.port), ['--json', '--home', bench.path('ada')]);
    expect((await events.ended).code).toBe(0);
    expect(events.shown).toContain('"peerVerified":true');
    expect((await ben.program.ended).code).toBe(0);
    expect(ben.program.shown.split('Code ')).toHaveLength(2);
  });

  it('an empty answer leaves it for another time, and a program is never asked', async () => {
    const ben = await receiveOnTerminal('--accept', 'all');
    const ada = sendOnTerminal(ben.port);
    await asked(ada);
    ada.type('\r');
    expect((await ada.ended).code).toBe(0);
    expect(ada.shown).not.toContain('is paired');

    const file = putFile(bench.path('third.txt'), 20);
    const script = bench.send([file], Number(ben.port), ['--json', '--home', bench.path('eve')]);
    expect((await script.ended).code).toBe(0);
    expect(script.shown).toContain('"peerVerified":false');
    expect(script.shown).not.toContain('Code');
  });
});
