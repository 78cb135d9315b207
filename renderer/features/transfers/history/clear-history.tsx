import { useState } from 'react';
import { useBridge, useReport } from '../../../bridge.ts';
import { t } from '../../../text.tsx';
import { Button } from '../../../ui/button.tsx';
import { QuestionSheet } from '../../../ui/question-sheet.tsx';

/** Empties the history, after a second press: it cannot be brought back. */
export function ClearHistory({ onCleared }: { readonly onCleared: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const [wasKept, setKept] = useState(false);
  const bridge = useBridge();
  const report = useReport();

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
    <QuestionSheet
      level={3}
      isRaised
      title={t('window.history.clearTitle')}
      more={t('window.history.clearMore')}
      no={t('window.history.clearNo')}
      yes={t('window.history.clearYes')}
      onNo={keep}
      onYes={async () => {
        const answer = await bridge.call('clearHistory', {});
        setAsking(false);
        if (answer.ok) onCleared();
        else report(answer.failure);
      }}
    />
  );
}
