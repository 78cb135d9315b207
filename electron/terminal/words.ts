import type { Failure } from '../../shared/errors.ts';
import { tongueOf } from '../../shared/model/language.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import { formatBytes } from '../../shared/text/quantity.ts';
import { createSpeech } from '../../shared/text/speech.ts';
import type { Say, Speech } from '../../shared/text/speech.ts';

/** English until another language is asked for: what cannot be read is said too. */
let speech = createSpeech(tongueOf('en', []), en);

export const spoken = (): Speech => speech;

export function speak(next: Speech): void {
  speech = next;
}

export const word: Say = (key, values) => speech.say(key, values);

/** A day and a time of day, as the person's own region writes them. */
export const moment = (epochMs: number): string => speech.moment(epochMs);

/** How people of the language put a list on one line. */
export const list = (parts: readonly string[]): string => parts.join(word('join.comma'));

/** One line: what happened, and what to do. */
export function failureLine(failure: Failure): string {
  const { title, what, next } = speech.failure(failure, (name, value) =>
    typeof value === 'number' && name.endsWith('ytes') ? size(value) : printable(String(value)),
  );
  return `${title}${word('join.stop')}${what}${word('join.sentence')}${next}`;
}

/** What a failure is called. */
export const failureTitle = (failure: Failure): string => speech.failure(failure).title;

/** Decimal units, as file managers show them. */
export function size(bytes: number): string {
  return formatBytes(bytes, { locale: speech.locale, step: 1000, isSteady: false });
}

/** What another computer calls a thing may hold escape sequences and line breaks: none reaches here. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '_');
}
