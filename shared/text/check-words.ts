import type { CheckResult } from '../model/check.ts';
import { isIntact } from '../model/check.ts';
import type { Say } from './speech.ts';

/** What verifying again has found, in words; `say` gives those of a key. */
export function checkWords(result: CheckResult, say: Say): string {
  if (isIntact(result)) return say('check.intact', { count: result.files });
  return (['changed', 'missing', 'unchecked'] as const)
    .filter((kind) => result[kind].count > 0)
    .map((kind) => say(`check.${kind}`, { count: result[kind].count }))
    .join(say('join.comma'));
}
