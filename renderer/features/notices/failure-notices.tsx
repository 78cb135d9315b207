import type { Failure } from '../../../shared/errors.ts';
import { failureText, failureWords, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { BrokenIcon } from '../../ui/icons.tsx';
import styles from './failure-notices.module.css';

export interface FailureNotice {
  readonly id: string;
  readonly failure: Failure;
}

/** What went wrong and belongs to no transfer: what happened, and what to do. */
export function FailureNotices({
  notices,
  onDismiss,
}: {
  readonly notices: readonly FailureNotice[];
  readonly onDismiss: (id: string) => void;
}) {
  return (
    <section
      aria-label={t('window.notices.region')}
      className={notices.length === 0 ? 'only-heard' : styles['notices']}
    >
      <div role="alert">
        <ul className={styles['list']}>
          {notices.map(({ id, failure }) => (
            <li key={id} className={styles['notice']}>
              <BrokenIcon />
              <div className={styles['words']}>
                <p className={styles['title']}>{failureWords(failure).title}</p>
                <p>{failureText(failure)}</p>
              </div>
              <Button kind="quiet" onPress={() => onDismiss(id)}>
                {t('window.notices.dismiss')}
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
