import type { Plan } from '../model/plan.ts';
import { newFiles } from '../model/plan.ts';

export interface PlanFact {
  readonly key: `window.plan.${'new' | 'taken' | 'same' | 'differs' | 'renamed' | 'tooBig'}`;
  readonly count: number;
}

/** What a person is told of a plan in one line: only what there is any of. */
export function planFacts(plan: Plan): readonly PlanFact[] {
  const { existing, renamed, tooBig } = plan;
  // a folder is there, and nothing of what would come into it
  const taken = existing.sameSizeAndTime + existing.differs === 0 ? existing.count : 0;
  const facts: readonly PlanFact[] = [
    { key: 'window.plan.new', count: newFiles(plan) },
    { key: 'window.plan.taken', count: taken },
    { key: 'window.plan.same', count: existing.sameSizeAndTime },
    { key: 'window.plan.differs', count: existing.differs },
    { key: 'window.plan.renamed', count: renamed.count },
    { key: 'window.plan.tooBig', count: tooBig.count },
  ];
  return facts.filter(({ count }) => count > 0);
}
