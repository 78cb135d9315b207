import { useEffect, useRef, useState } from 'react';
import { t } from '../../../text.tsx';
import { Button } from '../../../ui/button.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { ClearHistory } from './clear-history.tsx';
import { HistoryRow } from './history-row.tsx';
import { usePastTransfers } from './past-transfers.ts';
import type { Wanted } from './past-transfers.ts';
import styles from './history-page.module.css';

const AT_ONCE = 50;
const DIRECTIONS = ['all', 'send', 'receive'] as const;
const EVERYTHING: Wanted = { text: '', direction: 'all' };

/** What was sent and received, in this run and before it. */
export function HistoryPage({ onSent }: { readonly onSent: () => void }) {
  const [wanted, setWanted] = useState(EVERYTHING);
  const [count, setCount] = useState(AT_ONCE);
  const { found, askAgain } = usePastTransfers(wanted, count);
  const title = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const shown = found?.transfers.length ?? 0;
  const focusAt = useRef<number | null>(null);

  useEffect(() => {
    if (focusAt.current === null || shown <= focusAt.current) return;
    // The button has moved away or is gone: who pressed it goes on where the new ones begin.
    const row = list.current?.children[focusAt.current];
    if (row instanceof HTMLElement) row.focus();
    focusAt.current = null;
  }, [shown]);

  function want(next: Wanted): void {
    setWanted(next);
    setCount(AT_ONCE);
  }

  const { text, direction } = wanted;
  const isNarrowed = text.trim() !== '' || direction !== 'all';
  return (
    <section className={styles['page']} aria-labelledby="history-title">
      <div className={styles['heading']}>
        <h2 id="history-title" ref={title} tabIndex={-1} className={styles['title']}>
          {t('window.history.title')}
        </h2>
        {(shown > 0 || isNarrowed) && (
          <ClearHistory
            onCleared={() => {
              askAgain();
              title.current?.focus();
            }}
          />
        )}
      </div>
      <search className={styles['search']}>
        <SearchField
          label={t('window.history.search')}
          description={t('window.history.searchMore')}
          clear={t('window.search.clear')}
          value={text}
          isFocusedAtFirst
          onChange={(typed) => want({ text: typed, direction })}
        />
        <Segments
          label={t('window.history.direction')}
          value={direction}
          choices={DIRECTIONS.map((value) => ({ value, words: t(`window.history.${value}`) }))}
          onChange={(chosen) => want({ text, direction: chosen })}
        />
      </search>
      <p role="status" className={styles['count']}>
        {found !== null && countWords(found.total, isNarrowed)}
      </p>
      {found !== null && shown > 0 && (
        <ul ref={list} className={styles['list']} aria-labelledby="history-title">
          {found.transfers.map((transfer) => (
            <HistoryRow
              key={transfer.id}
              transfer={transfer}
              isThere={found.there.includes(transfer.id)}
              isKnown={found.again.includes(transfer.id)}
              onSent={onSent}
              onUndone={askAgain}
            />
          ))}
        </ul>
      )}
      {found !== null && shown < found.total && (
        <div>
          <Button
            onPress={() => {
              focusAt.current = shown;
              setCount(count + AT_ONCE);
            }}
          >
            {t('window.history.more')}
          </Button>
        </div>
      )}
    </section>
  );
}

function countWords(total: number, isNarrowed: boolean): string {
  if (total > 0) return t('window.history.count', { count: total });
  return t(isNarrowed ? 'window.history.nothing' : 'window.history.empty');
}
