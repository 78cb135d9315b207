import { canListFiles } from '../../../../shared/model/file-list.ts';
import type { Transfer } from '../../../../shared/model/transfer.ts';
import { canRetryFailed, canUndo } from '../../../../shared/model/transfer-actions.ts';
import { useAsk, useBridge } from '../../../bridge.ts';
import { useSnapshot } from '../../../snapshot.ts';
import { Items, Words, failureWords, itemsText, moment, t } from '../../../text.tsx';
import { Button } from '../../../ui/button.tsx';
import { Name } from '../../../ui/name.tsx';
import { CheckLines } from '../check/check-lines.tsx';
import { VerifyAction } from '../check/verify-action.tsx';
import { MetLines } from '../met-lines.tsx';
import { phaseWords } from '../phase-words.ts';
import { FilesOf } from '../files/files-of.tsx';
import { ProblemLines } from '../problem-lines.tsx';
import { figures } from '../progress.ts';
import { RetryFailed } from '../retry-failed.tsx';
import { ContentIcon } from '../text/content-icon.tsx';
import { PastText } from '../text/past-text.tsx';
import styles from './history-row.module.css';

interface HistoryRowProps {
  readonly transfer: Transfer;
  /** What was received is still where it was saved. */
  readonly isThere: boolean;
  /** It was sent from here, and what was chosen is known. */
  readonly isKnown: boolean;
  readonly onUndone: () => void;
  /** It is sent once more. */
  readonly onSent: () => void;
}

/** One transfer that has ended: what, with whom, when, and how it went. */
export function HistoryRow({ transfer, isThere, isKnown, onUndone, onSent }: HistoryRowProps) {
  const bridge = useBridge();
  const ask = useAsk();
  const { id: transferId, direction, itemCount, savedAs } = transfer;
  // what is being verified, or was a moment ago, is on the list
  const now =
    useSnapshot(({ transfers }) => transfers.find(({ id }) => id === transferId)) ?? transfer;
  const what = itemsText(transfer);
  const isText = transfer.content !== undefined;
  return (
    <li tabIndex={-1} className={styles['row']} data-phase={transfer.phase}>
      <div className={styles['top']}>
        <h3 className={styles['what']}>
          <ContentIcon content={transfer.content} />
          <Items {...transfer} />
        </h3>
        <p className={styles['who']}>
          <Words
            k={direction === 'send' ? 'window.transfers.to' : 'window.transfers.from'}
            gaps={{ name: <Name>{transfer.peer.name}</Name> }}
          />
        </p>
      </div>
      {(isKnown ||
        canRetryFailed(transfer) ||
        (!isText && (isThere || itemCount > 1 || canUndo(now)))) && (
        <div className={styles['actions']}>
          {canRetryFailed(transfer) && (
            <RetryFailed transfer={transfer} what={what} onSent={onSent} />
          )}
          {isKnown && (
            <Button
              aria-label={t('window.transfers.retryOf', { what })}
              onPress={async () => {
                if ((await ask(bridge.call('sendAgain', { transferId }))) !== null) onSent();
              }}
            >
              {t('window.transfers.retry')}
            </Button>
          )}
          {canUndo(now) && (
            <Button
              aria-label={t('window.transfers.undoOf', { what })}
              onPress={async () => {
                await ask(bridge.call('undo', { transferId }));
                onUndone();
              }}
            >
              {t('window.transfers.undo')}
            </Button>
          )}
          {isThere && !isText && (
            <Button
              aria-label={t('window.transfers.revealOf', { what })}
              onPress={() => ask(bridge.call('reveal', { transferId }))}
            >
              {t('window.transfers.reveal')}
            </Button>
          )}
          {!isText && (isThere || itemCount > 1) && <VerifyAction transfer={now} what={what} />}
        </div>
      )}
      <p className={styles['figures']}>
        {'finishedAtMs' in transfer && (
          <time dateTime={new Date(transfer.finishedAtMs).toISOString()}>
            {moment(transfer.finishedAtMs)}
          </time>
        )}
        <span className={styles['phase']}>{phaseWords(transfer)}</span>
        {figures(transfer).map((figure) => (
          <span key={figure}>{figure}</span>
        ))}
      </p>
      {transfer.mode === 'plain' && <p className={styles['plain']}>{t('window.plain.mark')}</p>}
      {transfer.phase === 'failed' && (
        <p className={styles['more']}>{failureWords(transfer.failure).what}</p>
      )}
      {savedAs !== null && !isText && (
        <p className={styles['more']}>
          <Words
            k={isThere ? 'window.transfers.savedAs' : 'window.history.gone'}
            gaps={{ path: <Name>{savedAs}</Name> }}
          />
        </p>
      )}
      <MetLines transfer={now} className={styles['more'] ?? ''} />
      <ProblemLines transfer={transfer} />
      {isText && isThere && <PastText transfer={transfer} />}
      <CheckLines transfer={now} what={what} />
      {canListFiles(transfer) && (
        <FilesOf
          transferId={transfer.id}
          direction={transfer.direction}
          isComing={false}
          what={what}
        />
      )}
    </li>
  );
}
