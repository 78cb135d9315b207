import type { ExistingChoice } from '../../shared/model/plan.ts';

/** What `--existing` takes, and what it means. */
export const EXISTING_OPTION = {
  'keep-both': 'keepBoth',
  'skip-identical': 'skipIdentical',
  replace: 'replace',
} as const satisfies Record<string, ExistingChoice>;

export type ExistingOption = keyof typeof EXISTING_OPTION;
