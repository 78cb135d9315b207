import type { CommanderError } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { KeysUnder } from '../../shared/text/text-keys.ts';
import { word } from './words.ts';

/** What was typed cannot be meant. Its message is for the person as it is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(word('terminal.badNumber', { value: text, min, max }));
  };
}

/** What the library that reads the line says of it; null: help or the version was asked for. */
export function usageErrorOf({ code, message, exitCode }: CommanderError): UsageError | null {
  if (exitCode === 0) return null;
  if (code === 'commander.help') return new UsageError(word('terminal.noCommand'));
  return new UsageError(wrongWords(code, message));
}

const WRONG: Readonly<Record<string, KeysUnder<'terminal.wrong'>>> = {
  'commander.unknownOption': 'terminal.wrong.option',
  'commander.unknownCommand': 'terminal.wrong.command',
  'commander.missingArgument': 'terminal.wrong.noArgument',
  'commander.missingMandatoryOptionValue': 'terminal.wrong.noOption',
  'commander.optionMissingArgument': 'terminal.wrong.noValue',
  'commander.excessArguments': 'terminal.wrong.tooMany',
};

/** The library names in quotes what it is about. Of a value that is wrong it says more than which it is. */
function wrongWords(code: string, message: string): string {
  const [what = '', value = ''] = Array.from(message.matchAll(/'([^']*)'/g), ([, name]) => name);
  const key = WRONG[code];
  if (key !== undefined) return word(key, { what });
  if (code !== 'commander.invalidArgument') return message.replace(/^error: /, '');
  const choices = /Allowed choices are (.*)\.$/.exec(message)?.[1];
  const why =
    choices === undefined
      ? message.replace(/^.* is invalid\. /, '')
      : word('terminal.wrong.choices', { choices });
  return word('terminal.wrong.value', { what, value, why });
}
