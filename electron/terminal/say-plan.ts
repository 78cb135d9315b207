import type { ExistingChoice, Plan } from '../../shared/model/plan.ts';
import { bytesToWrite, hasDetails, missingBytes } from '../../shared/model/plan.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { planFacts } from '../../shared/text/plan-facts.ts';
import { list, printable, size, word } from './words.ts';

export function planOf(transfer: Transfer): Plan | null {
  return transfer.phase === 'offered' ? transfer.plan : null;
}

export function planEvent(transfer: Transfer, plan: Plan): Record<string, unknown> {
  return { event: 'plan', transferId: transfer.id, ...plan };
}

/** Nothing where all is new, fits and keeps its name: then the offer itself says it all. */
export function planLines(plan: Plan, choice: ExistingChoice): readonly string[] {
  const directory = printable(plan.directory);
  const lines: string[] = [];
  if (hasDetails(plan)) {
    const facts = planFacts(plan).map(({ key, count }) => word(key, { count }));
    const said = word('terminal.planFacts', { directory, facts: list(facts) });
    const more =
      plan.existing.count > 0
        ? `${word('join.sentence')}${word(`window.existing.${choice}More`)}`
        : '';
    lines.push(`${said}${more}`);
  }
  for (const { from, to } of plan.renamed.examples) {
    lines.push(word('terminal.renamedTo', { from: printable(from), to: printable(to) }));
  }
  const missing = missingBytes(plan, bytesToWrite(plan, { forAll: choice, items: {} }));
  if (missing > 0) {
    const values = { directory, missing: size(missing), reserve: size(plan.reserveBytes) };
    lines.push(word('terminal.planNoRoom', values));
  }
  return lines;
}
