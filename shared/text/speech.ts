import { createInstance } from 'i18next';
import type { Failure } from '../errors.ts';
import type { Tongue } from '../model/language.ts';
import { loadCatalogue } from './catalogues.ts';
import { failureWords } from './failure-words.ts';
import type { FailureWords, ShowDetail } from './failure-words.ts';
import type { Catalogue, TextKey } from './text-keys.ts';

export type Values = Readonly<Record<string, string | number>>;
export type Say = (key: TextKey, values?: Values) => string;

/** One language, spoken: every word of a face comes through here. */
export interface Speech extends Tongue {
  readonly say: Say;
  readonly failure: (failure: Failure, show?: ShowDetail) => FailureWords;
  readonly number: (value: number) => string;
  readonly percent: (fraction: number) => string;
  /** A day and a time of day. */
  readonly moment: (epochMs: number) => string;
  readonly time: (epochMs: number) => string;
}

/**
 * Around the name of a gap that is filled elsewhere: characters that no text of ours and, cleaned, no name
 * of theirs holds.
 */
export const OPEN = '\uE000';
export const CLOSE = '\uE001';

export function createSpeech(tongue: Tongue, catalogue: Catalogue): Speech {
  const { locale, direction } = tongue;
  const i18n = createInstance();
  void i18n.init({
    // The words are at hand: they are there as soon as this returns.
    initAsync: false,
    lng: locale,
    // Every language has every key.
    fallbackLng: false,
    resources: { [locale]: { translation: catalogue } },
    interpolation: { escapeValue: direction === 'rtl', escape: isolated },
  });
  const moments = dates(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const times = dates(locale, { timeStyle: 'short' });
  return {
    ...tongue,
    say: (key, values = {}) => i18n.t(key, values),
    failure: (failure, show = plainly) =>
      failureWords(failure, catalogue.error, (name, value) => {
        const words = show(name, value);
        return direction === 'rtl' ? isolated(words) : words;
      }),
    number: (value) => value.toLocaleString(locale),
    percent: (fraction) => fraction.toLocaleString(locale, { style: 'percent' }),
    moment: moments,
    time: times,
  };
}

export async function loadSpeech(tongue: Tongue): Promise<Speech> {
  return createSpeech(tongue, await loadCatalogue(tongue.language));
}

/** Made at first need: a command that names no day need not know how they are named. */
function dates(locale: string, style: Intl.DateTimeFormatOptions): (epochMs: number) => string {
  let format: Intl.DateTimeFormat | null = null;
  return (epochMs) => (format ??= new Intl.DateTimeFormat(locale, style)).format(epochMs);
}

const plainly: ShowDetail = (_name, value) => String(value);

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** Among words from right to left a name, a path or an address keeps its own order. */
function isolated(text: string): string {
  const isBare = text.startsWith(OPEN) || !/[^\d\s.,\u0660-\u066c]/.test(text);
  return isBare ? text : `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}`;
}
