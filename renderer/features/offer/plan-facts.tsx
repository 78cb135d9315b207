import { Fragment, useId, useState } from 'react';
import type { ExistingChoices, Plan } from '../../../shared/model/plan.ts';
import { hasDetails } from '../../../shared/model/plan.ts';
import { planWords, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { PlanDetails } from './plan-details.tsx';
import styles from './plan-facts.module.css';

interface PlanFactsProps {
  /** null: not known yet; its line is there all the same, so that nothing moves when it comes. */
  readonly plan: Plan | null;
  readonly choices: ExistingChoices;
  readonly onChoose: (choices: ExistingChoices) => void;
}

/** One quiet line of what accepting would do, and more of it for those who want to know. */
export function PlanFacts({ plan, choices, onChoose }: PlanFactsProps) {
  const detailsId = useId();
  const [isOpen, setOpen] = useState(false);
  const more = plan !== null && hasDetails(plan) ? plan : null;
  return (
    <div data-plan="">
      <div className={styles['line']}>
        <p role="status">{plan !== null && <Facts words={planWords(plan)} />}</p>
        {more !== null && (
          <Button
            kind="quiet"
            aria-expanded={isOpen}
            aria-controls={detailsId}
            onPress={() => setOpen(!isOpen)}
          >
            {t('window.plan.details')}
          </Button>
        )}
      </div>
      {more !== null && isOpen && (
        <div id={detailsId} className={styles['details']}>
          <PlanDetails plan={more} choices={choices} onChoose={onChoose} />
        </div>
      )}
    </div>
  );
}

/** A line ends after one of them, and not between a figure and what it counts. */
function Facts({ words }: { readonly words: readonly string[] }) {
  return words.map((fact, at) => (
    <Fragment key={fact}>
      {at > 0 && ' '}
      <span className={styles['fact']}>
        {fact}
        {at < words.length - 1 && ' ·'}
      </span>
    </Fragment>
  ));
}
