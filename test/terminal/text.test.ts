import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { givenText, sayText, visible } from '../../electron/terminal/texts.ts';
import { MAX_TEXT_BYTES } from '../../shared/model/content.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { Bench } from '../support/command.ts';

/** If these fail, a text from another computer steers a terminal, or does not come as it was sent. */

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.stop());

const HOSTILE = 'rm \u001b]0;title\u0007\u202eright\u2066\u0085 \t👩‍🚀';
const SHOWN = 'rm \\u{1b}]0;title\\u{7}\\u{202e}right\\u{2066}\\u{85} \t👩‍🚀';

it('shows what steers a terminal or hides in a text, and leaves the text readable', () => {
  expect(visible(HOSTILE)).toBe(SHOWN);
});

it('reads a text from standard input, and of one that never ends no more than shows that', async () => {
  expect(await givenText('as it is')).toBe('as it is');
  // a character may come in two parts
  const ae = Buffer.from('ä');
  expect(await givenText('-', parts([ae.subarray(0, 1), ae.subarray(1)]))).toBe('ä');
  let reads = 0;
  const endless = (function* () {
    for (;;) {
      reads += 1;
      yield Buffer.alloc(1024, 'a');
    }
  })();
  expect((await givenText('-', parts(endless))).length).toBeGreaterThan(MAX_TEXT_BYTES);
  expect(reads).toBe(MAX_TEXT_BYTES / 1024 + 1);
});

async function* parts(buffers: Iterable<Buffer>): AsyncGenerator<Buffer> {
  for (const buffer of buffers) yield await Promise.resolve(buffer);
}

it('prints each line of a text behind a mark, under the name of whoever sent it', async () => {
  const lines: string[] = [];
  const output = {
    event: () => undefined,
    fail: () => undefined,
    line: (l: string) => lines.push(l),
  };
  const forged = 'Ada (verified) wants to send you a file.';
  const readText = () => Promise.resolve({ text: `${HOSTILE}\r\n\n${forged}` });
  const id = 'a'.repeat(32) as TransferId;
  const peer = { id: null, name: 'Mal\u001blory', address: '', verified: false };
  const delivered = { peer };
  await sayText({ commands: { readText } }, { ...delivered, id, content: 'text' }, output);
  expect(lines).toEqual(['Text from Mal_lory', `│ ${SHOWN}`, '│ ', `│ ${forged}`]);
  await sayText({ commands: { readText } }, { ...delivered, id }, output);
  expect(lines).toHaveLength(4);
});

it('tells a text that has come to programs as it was sent', async () => {
  const text = `${HOSTILE}\nsecond line`;
  const ben = await bench.receive('ben', ['--accept', 'all', '--count', '1']);
  const anna = bench.send(['--text', text], ben.port);
  expect((await anna.ended).code).toBe(0);
  expect(anna.all('offer')).toMatchObject([{ content: 'text', files: 1 }]);
  expect((await ben.program.ended).code).toBe(0);
  expect(ben.program.all('text')).toMatchObject([{ content: 'text', text }]);
  expect(readdirSync(ben.directory)).toEqual([]);
});
