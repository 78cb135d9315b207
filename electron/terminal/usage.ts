import type { CommanderError } from 'commander';
import { InvalidArgumentError } from 'commander';
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
  return new UsageError(message.replace(/^error: /, ''));
}
