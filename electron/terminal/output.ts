import type { Failure } from '../../shared/errors.ts';
import { failureLine } from './words.ts';

/** Where a command's words go: lines for people, or one JSON object a line for programs. */
export interface Output {
  readonly json: boolean;
  /** A line for people; silent with --json. */
  line(text: string): void;
  /** A line for people that belongs on standard error. */
  warn(text: string): void;
  /** One object on standard output; silent without --json. */
  event(event: Readonly<Record<string, unknown>>): void;
  /** Something failed: said in the way that fits. */
  fail(failure: Failure, transferId: string | null): void;
}

export function createOutput(json: boolean): Output {
  const event: Output['event'] = (value) => {
    if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
  };
  const warn: Output['warn'] = (text) => {
    if (!json) process.stderr.write(`${text}\n`);
  };
  return {
    json,
    line: (text) => {
      if (!json) process.stdout.write(`${text}\n`);
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
