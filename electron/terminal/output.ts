import type { Failure } from '../../shared/errors.ts';
import { Screen } from './screen.ts';
import { failureLine } from './words.ts';

/** Where a command's words go: lines for people, or one JSON object a line for programs. */
export interface Output {
  readonly json: boolean;
  /** null: there is no terminal to draw on. */
  readonly screen: Screen | null;
  /** A line for people; silent with --json. */
  line(text: string): void;
  /** A line for people that belongs on standard error; silent with --json. */
  warn(text: string): void;
  /** One object on standard output; silent without --json. */
  event(event: Readonly<Record<string, unknown>>): void;
  /** Something failed: said in the way that fits. */
  fail(failure: Failure, transferId: string | null): void;
}

export function createOutput(json: boolean): Output {
  const { stdout, stderr } = process;
  const screen = !json && stdout.isTTY ? new Screen() : null;
  const event: Output['event'] = (value) => {
    if (json) stdout.write(`${jsonLine(value)}\n`);
  };
  const write = (text: string, stream: NodeJS.WriteStream): void => {
    if (json) return;
    if (screen && stream.isTTY) screen.line(text, stream);
    else stream.write(`${text}\n`);
  };
  const warn: Output['warn'] = (text) => {
    write(text, stderr);
  };
  return {
    json,
    screen,
    line: (text) => {
      write(text, stdout);
    },
    warn,
    event,
    fail: (failure, transferId) => {
      const message = failureLine(failure);
      event({
        event: 'failed',
        ...(transferId !== null && { transferId }),
        code: failure.code,
        message,
      });
      warn(message);
    },
  };
}

/** JSON leaves some control characters as they are, and a terminal may obey them. */
function jsonLine(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(value).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, n) => `\\u${character.charCodeAt(n).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
