import { createInstance } from 'i18next';
import { Fragment } from 'react';
import type { ReactNode } from 'react';
import type { Failure } from '../shared/errors.ts';
import type { Plan } from '../shared/model/plan.ts';
import type { CheckResult } from '../shared/model/check.ts';
import type { Item } from '../shared/model/transfer.ts';
import en from '../shared/text/en.json' with { type: 'json' };
import { checkWords as checkWordsOf } from '../shared/text/check-words.ts';
import { endingWords } from '../shared/text/ending-words.ts';
import { failureWords as wordsOf } from '../shared/text/failure-words.ts';
import type { FailureWords } from '../shared/text/failure-words.ts';
import { planFacts } from '../shared/text/plan-facts.ts';
import type { TextKey } from '../shared/text/text-keys.ts';
import { Name, shownName } from './ui/name.tsx';
import { formatBytes, formatRate } from './ui/quantity.ts';

export type { TextKey };

/** Every word of the window comes through here. */

const LANGUAGE = 'en';

/** The words' language, in the person's own region: that decides how numbers are written. */
function regionOf(language: string): string {
  const wanted: readonly string[] = typeof navigator === 'undefined' ? [] : navigator.languages;
  return wanted.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
}

const locale = regionOf(LANGUAGE);

/** Explorer counts a kilobyte as 1024; everybody else's file manager, and every disk's label, as 1000. */
const onWindows = typeof navigator !== 'undefined' && /windows/i.test(navigator.userAgent);
const units = { locale, step: onWindows ? 1024 : 1000 } as const;

export const bytes = (count: number): string => formatBytes(count, units);
export const rate = (bytesPerSecond: number): string => formatRate(bytesPerSecond, units);
export const number = (value: number): string => value.toLocaleString(locale);

const i18n = createInstance();
void i18n.init({
  // The words are in the bundle: they are there before the first render.
  initAsync: false,
  lng: locale,
  fallbackLng: LANGUAGE,
  resources: { [LANGUAGE]: { translation: en } },
  interpolation: { escapeValue: false },
});

type Values = Readonly<Record<string, string | number>>;

export function t(key: TextKey, values: Values = {}): string {
  return i18n.t(key, values);
}

/** Around a gap's name: characters that no text of ours and, cleaned, no name of theirs holds. */
const OPEN = '\uE000';
const CLOSE = '\uE001';

/** A sentence with elements in its gaps, so that a name keeps its own direction (`<Name>`). */
export function Words({
  k,
  count,
  gaps,
}: {
  readonly k: TextKey;
  readonly count?: number;
  readonly gaps: Readonly<Record<string, ReactNode>>;
}): ReactNode {
  const marks = Object.keys(gaps).map((name) => [name, `${OPEN}${name}${CLOSE}`] as const);
  const values: Record<string, string | number> = Object.fromEntries(marks);
  if (count !== undefined) values['count'] = count;
  return t(k, values)
    .split(OPEN)
    .map((part, at) => {
      const end = part.indexOf(CLOSE);
      if (at === 0 || end < 0) return <Fragment key={at}>{part}</Fragment>;
      return (
        <Fragment key={at}>
          {gaps[part.slice(0, end)]}
          {part.slice(end + 1)}
        </Fragment>
      );
    });
}

export function failureWords(failure: Failure): FailureWords {
  return wordsOf(failure, (name, value) => {
    if (typeof value !== 'number') return value;
    if (/bytes$/i.test(name)) return bytes(value);
    return name === 'port' ? String(value) : number(value);
  });
}

/** How a transfer ended. */
export const ending = (transfer: Parameters<typeof endingWords>[0]): string =>
  endingWords(transfer, t);

/** What verifying again has found. */
export const checkWords = (result: CheckResult): string => checkWordsOf(result, t);

/** A day and a time of day, as the person's own region writes them. */
export const moment = (epochMs: number): string => moments.format(epochMs);

/** Of today the time of day is enough. */
export const lately = (epochMs: number): string =>
  new Date(epochMs).toDateString() === new Date().toDateString()
    ? times.format(epochMs)
    : moment(epochMs);

const times = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

/** What accepting an offer would do, in one line. */
export function planText(plan: Plan): string {
  return planFacts(plan)
    .map(({ key, count }) => t(key, { count }))
    .join(' · ');
}

interface Chosen {
  readonly items: readonly Item[];
  readonly itemCount: number;
}

/** What was chosen, by the name of the first: `photos and 2 more`. */
export function Items({ items, itemCount }: Chosen): ReactNode {
  const [first] = items;
  if (first === undefined) return t('window.size.items', { count: itemCount });
  return (
    <>
      <Name>{first.name}</Name>
      {itemCount > 1 && ` ${t('window.size.more', { count: itemCount - 1 })}`}
    </>
  );
}

/** The same where no element can be: in what is read out. */
export function itemsText({ items, itemCount }: Chosen): string {
  const [first] = items;
  if (first === undefined) return t('window.size.items', { count: itemCount });
  const name = shownName(first.name);
  return itemCount > 1 ? `${name} ${t('window.size.more', { count: itemCount - 1 })}` : name;
}
