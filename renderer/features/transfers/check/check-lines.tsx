import type { Check, DoneCheck } from '../../../../shared/model/check.ts';
import type { Transfer } from '../../../../shared/model/transfer.ts';
import { bytes, checkWords, failureWords, lately, t } from '../../../text.tsx';
import { Thread } from '../../../ui/thread.tsx';
import { ProblemLine } from '../problem-line.tsx';
import styles from './check-lines.module.css';

interface CheckLinesProps {
  readonly transfer: Transfer;
  readonly what: string;
}

/** How far verifying again has come, or what it found: until the next time it runs. */
export function CheckLines({ transfer, what }: CheckLinesProps) {
  if (transfer.phase !== 'delivered' || transfer.check === null) return null;
  const { check, totals } = transfer;
  switch (check.state) {
    case 'running':
      return <Running check={check} allBytes={totals.bytes} what={what} />;
    case 'done':
      return <Done check={check} />;
    case 'failed': {
      const { title, what: happened } = failureWords(check.failure);
      const reason = `${title}${t('join.stop')}${happened}`;
      return <p className={styles['bad']}>{t('window.check.failed', { reason })}</p>;
    }
  }
}

interface RunningProps {
  readonly check: Extract<Check, { readonly state: 'running' }>;
  readonly allBytes: number;
  readonly what: string;
}

function Running({ check, allBytes, what }: RunningProps) {
  const done = t('window.size.of', { done: bytes(check.bytes), all: bytes(allBytes) });
  const words = t('window.check.running', { done });
  return (
    <div className={styles['check']}>
      <Thread
        state="drawn"
        fraction={allBytes > 0 ? Math.min(1, check.bytes / allBytes) : null}
        label={t('window.check.progress', { what })}
        valueLabel={words}
      />
      <p>{words}</p>
      <p className={styles['more']}>{t('window.check.verifyMore')}</p>
    </div>
  );
}

function Done({ check }: { readonly check: DoneCheck }) {
  const { changed, missing, unchecked, finishedAtMs, intact, files } = check;
  const words = { when: lately(finishedAtMs), found: checkWords(check) };
  return (
    <>
      <p className={intact === files ? styles['good'] : styles['bad']}>
        {t('window.check.done', words)}
      </p>
      {changed.count > 0 && <ProblemLine problems={changed} k="window.problems.changedSince" />}
      {missing.count > 0 && <ProblemLine problems={missing} k="window.problems.goneSince" />}
      {unchecked.examples.length > 0 && (
        <ProblemLine problems={unchecked} k="window.problems.unchecked" />
      )}
    </>
  );
}
