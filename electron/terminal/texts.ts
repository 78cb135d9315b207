import type { Commands } from '../../shared/contract.ts';
import { MAX_TEXT_BYTES } from '../../shared/model/content.ts';
import { toFailure } from '../../shared/errors.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import type { Output } from './output.ts';
import { printable, word } from './words.ts';

const STANDARD_INPUT = '-';

/** What follows `--text`, or comes on standard input: as much of it as shows whether it is too long. */
export async function givenText(
  given: string,
  input: AsyncIterable<Buffer | string> = process.stdin,
): Promise<string> {
  if (given !== STANDARD_INPUT) return given;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of input) {
    const buffer = Buffer.from(part);
    parts.push(buffer);
    bytes += buffer.length;
    if (bytes > MAX_TEXT_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Before each line of a text, and of nothing else: no text passes for a line of ours, or a question. */
const MARK = '│ ';

/** Prints a text that has come, where it is one. Never rejects: what came is there all the same. */
export async function sayText(
  engine: { readonly commands: Pick<Commands, 'readText'> },
  transfer: Pick<Transfer, 'id' | 'content' | 'peer'>,
  output: Pick<Output, 'event' | 'line' | 'fail'>,
): Promise<void> {
  const { id: transferId, content, peer } = transfer;
  if (content === undefined) return;
  try {
    const { text } = await engine.commands.readText({ transferId });
    output.event({ event: 'text', transferId, content, text });
    output.line(word('window.text.of', { name: printable(peer.name) }));
    for (const line of text.split(/\r\n|\r|\n/)) output.line(`${MARK}${visible(line)}`);
  } catch (error) {
    output.fail(toFailure(error), transferId);
  }
}

/**
 * What steers a terminal, or hides in a text, as its number: the text itself stays readable, and copying it
 * brings nothing along. Joiners stay: Persian and emoji need them.
 */
export function visible(line: string): string {
  return line.replaceAll(
    /(?![\t\u200c\u200d\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{DI}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
