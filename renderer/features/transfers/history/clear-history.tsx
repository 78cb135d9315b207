import { useId, useState } from 'react';
import { useBridge, useReport } from '../../../bridge.ts';
import { t } from '../../../text.tsx';
import { Button } from '../../../ui/button.tsx';
import styles from './clear-history.module.css';

/** Empties the history, after a second press: it cannot be brought back. */
export function ClearHistory({ onCleared }: { readonly onCleared: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const [wasKept, setKept] = useState(false);
  const bridge = useBridge();
  const report = useReport();
  const id = useId();

  function keep(): void {
    setAsking(false);
    setKept(true);
  }

  if (!isAsking) {
    return (
      // Who has kept it goes on from the button that asked.
      <Button kind="quiet" autoFocus={wasKept} onPress={() => setAsking(true)}>
        {t('window.history.clear')}
      </Button>
    );
  }
  return (
    <div
      role="alertdialog"
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}more`}
      className={styles['sheet']}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // It closes the question, and not the page round it.
        event.preventDefault();
        keep();
      }}
    >
      <h3 id={`${id}title`}>{t('window.history.clearTitle')}</h3>
      <p id={`${id}more`} className={styles['more']}>
        {t('window.history.clearMore')}
      </p>
      <div className={styles['answers']}>
        <Button autoFocus onPress={keep}>
          {t('window.history.clearNo')}
        </Button>
        <Button
          kind="strong"
          onPress={async () => {
            const answer = await bridge.call('clearHistory', {});
            setAsking(false);
            if (answer.ok) onCleared();
            else report(answer.failure);
          }}
        >
          {t('window.history.clearYes')}
        </Button>
      </div>
    </div>
  );
}
