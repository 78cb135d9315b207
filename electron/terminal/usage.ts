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
