import { Fragment } from 'react';
import type { ReactNode } from 'react';
import type { Failure } from '../shared/errors.ts';
import type { Plan } from '../shared/model/plan.ts';
import type { Content } from '../shared/model/content.ts';
import { contentTitle } from '../shared/model/content.ts';
import type { CheckResult } from '../shared/model/check.ts';
import type { Item } from '../shared/model/transfer.ts';
import { checkWords as checkWordsOf } from '../shared/text/check-words.ts';
import { endingWords } from '../shared/text/ending-words.ts';
import type { Finding } from '../shared/model/diagnosis.ts';
import { findingWords } from '../shared/text/finding-words.ts';
import type { FindingWords } from '../shared/text/finding-words.ts';
import type { FailureWords } from '../shared/text/failure-words.ts';
import { planFacts } from '../shared/text/plan-facts.ts';
import { formatBytes, formatRate } from '../shared/text/quantity.ts';
import { CLOSE, OPEN } from '../shared/text/speech.ts';
import type { Say } from '../shared/text/speech.ts';
import type { TextKey } from '../shared/text/text-keys.ts';
import { speech } from './speech.ts';
import { Name, shownName } from './ui/name.tsx';

export type { TextKey };
export { roundRemaining } from '../shared/text/quantity.ts';
export { steady } from './steady.tsx';

/** Every word of the window comes through here. */

/** Explorer counts a kilobyte as 1024; everybody else's file manager, and every disk's label, as 1000. */
const onWindows = /windows/i.test(navigator.userAgent);
const units = () =>
  ({ locale: speech().locale, step: onWindows ? 1024 : 1000, isSteady: true }) as const;

export const bytes = (count: number): string => formatBytes(count, units());
export const rate = (bytesPerSecond: number): string => formatRate(bytesPerSecond, units());
export const number = (value: number): string => speech().number(value);
export const percent = (fraction: number): string => speech().percent(fraction);

/** What a finding of the doctor says. */
export const findingText = (finding: Finding): FindingWords => findingWords(finding, t);

export const t: Say = (key, values) => speech().say(key, values);

/** How people of the language put a list on one line. */
export const list = (parts: readonly string[]): string => parts.join(t('join.comma'));

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
  return speech().failure(failure, (name, value) => {
    if (typeof value !== 'number') return shownName(value);
    if (/bytes$/i.test(name)) return bytes(value);
    return name === 'port' ? String(value) : number(value);
  });
}

/** What happened, and what to do about it. */
export function failureText(failure: Failure): string {
  const { what, next } = failureWords(failure);
  return `${what}${t('join.sentence')}${next}`;
}

/** How a transfer ended. */
export const ending = (transfer: Parameters<typeof endingWords>[0]): string =>
  endingWords(transfer, t);

/** What verifying again has found. */
export const checkWords = (result: CheckResult): string => checkWordsOf(result, t);

/** A day and a time of day, as the person's own region writes them. */
export const moment = (epochMs: number): string => speech().moment(epochMs);

/** Of today the time of day is enough. */
export const lately = (epochMs: number): string =>
  new Date(epochMs).toDateString() === new Date().toDateString()
    ? speech().time(epochMs)
    : moment(epochMs);

/** What accepting an offer would do. */
export const planWords = (plan: Plan): readonly string[] =>
  planFacts(plan).map(({ key, count }) => t(key, { count }));

interface Chosen {
  readonly items: readonly Item[];
  readonly itemCount: number;
  readonly content?: Content | undefined;
}

function titleOf({ name }: Item, content: Content | undefined): string {
  return content === undefined ? name : contentTitle(name);
}

/** What was chosen, by the name of the first: `photos and 2 more`. */
export function Items({ items, itemCount, content }: Chosen): ReactNode {
  const [first] = items;
  if (first === undefined) return t('window.size.items', { count: itemCount });
  return (
    <>
      <Name>{titleOf(first, content)}</Name>
      {itemCount > 1 && ` ${t('window.size.more', { count: itemCount - 1 })}`}
    </>
  );
}

/** The same where no element can be: in what is read out. */
export function itemsText({ items, itemCount, content }: Chosen): string {
  const [first] = items;
  if (first === undefined) return t('window.size.items', { count: itemCount });
  const name = shownName(titleOf(first, content));
  return itemCount > 1 ? `${name} ${t('window.size.more', { count: itemCount - 1 })}` : name;
}
