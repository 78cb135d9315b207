import { createInstance } from 'i18next';
import type { Failure } from '../../shared/errors.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import { failureWords } from '../../shared/text/failure-words.ts';
import type { TextKey } from '../../shared/text/text-keys.ts';

const i18n = createInstance();
void i18n.init({
  initAsync: false,
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
});

export function word(key: TextKey, values: Record<string, string | number> = {}): string {
  return i18n.t(key, values);
}

/** One line: what happened, and what to do. */
export function failureLine(failure: Failure): string {
  const { title, what, next } = failureWords(failure, (name, value) =>
    typeof value === 'number' && name.endsWith('ytes') ? size(value) : printable(String(value)),
  );
  return `${title}. ${what} ${next}`;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/** Decimal units, as file managers show them. */
export function size(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1000 ** power);
}

/** What another computer calls a thing may hold escape sequences and line breaks: none reaches here. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '_');
}
