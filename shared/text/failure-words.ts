import type { ErrorDetails, Failure } from '../errors.ts';
import { isErrorCode } from '../errors.ts';
import type { Catalogue } from './text-keys.ts';

/** What a person reads of a failure: what it is called, what happened, and what to do about it. */
export interface FailureWords {
  readonly title: string;
  readonly what: string;
  readonly next: string;
}

/** Turns a detail into words: sizes end in `ytes`, and only the face knows its units. */
export type ShowDetail = (name: string, value: string | number) => string;

interface Entry {
  readonly title: string;
  readonly what: string;
  /** Says the same more exactly; used only where the details fill all of its gaps. */
  readonly whatWith?: string;
  readonly do: string;
}

const GAP = /\{\{(\w+)\}\}/g;

export function failureWords(
  failure: Failure,
  entries: Catalogue['error'],
  show: ShowDetail,
): FailureWords {
  const entry: Entry = entries[isErrorCode(failure.code) ? failure.code : 'INTERNAL'];
  const exact = entry.whatWith;
  const what = exact !== undefined && isFilled(exact, failure.details) ? exact : entry.what;
  return {
    title: entry.title,
    what: what.replace(GAP, (gap, name: string) => {
      const value = failure.details[name];
      return value === undefined ? gap : show(name, value);
    }),
    next: entry.do,
  };
}

function isFilled(text: string, details: ErrorDetails): boolean {
  return [...text.matchAll(GAP)].every(([, name]) => {
    const value = name === undefined ? undefined : details[name];
    return value !== undefined && value !== '';
  });
}
