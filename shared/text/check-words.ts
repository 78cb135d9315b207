import type { CheckResult } from '../model/check.ts';
import { isIntact } from '../model/check.ts';
import type { TextKey } from './text-keys.ts';

/** What verifying again has found, in words; `say` gives those of a key. */
export function checkWords(
  result: CheckResult,
  say: (key: TextKey, values: Record<string, number>) => string,
): string {
  if (isIntact(result)) return say('check.intact', { count: result.files });
  return (['changed', 'missing', 'unchecked'] as const)
    .filter((kind) => result[kind].count > 0)
    .map((kind) => say(`check.${kind}`, { count: result[kind].count }))
    .join(', ');
}
