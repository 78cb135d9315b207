import type { Finding } from '../model/diagnosis.ts';
import type { Say } from './speech.ts';

export interface FindingWords {
  readonly happened: string;
  /** null: there is nothing to do. */
  readonly next: string | null;
}

/** What a finding says; `show` makes what others have named safe to show. */
export function findingWords(
  finding: Finding,
  say: Say,
  show: (text: string) => string = (text) => text,
): FindingWords {
  const { details } = finding;
  const values = Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'string' ? show(value) : value,
    ]),
  );
  return {
    happened: say(`doctor.${finding.code}.say`, values),
    next: finding.level === 'good' ? null : say(`doctor.${finding.code}.do`, values),
  };
}
