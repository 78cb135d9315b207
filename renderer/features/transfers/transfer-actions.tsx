import type { Transfer } from '../../../shared/model/transfer.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import {
  bytesToDiscard,
  canGoOn,
  canPause,
  canRetry,
  canRetryFailed,
  canTryNow,
  canUndo,
  isSavedInFolder,
} from '../../../shared/model/transfer-actions.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { bytes, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { VerifyAction } from './check/verify-action.tsx';
import { RetryFailed } from './retry-failed.tsx';
import styles from './transfer-actions.module.css';

/** What can be done with a transfer where it is. Each button also names the transfer it is about. */
export function TransferActions({
  transfer,
  what,
}: {
  readonly transfer: Transfer;
  readonly what: string;
}) {
  const bridge = useBridge();
  const ask = useAsk();
  const transferId = transfer.id;
  const canReveal = transfer.phase === 'delivered' && isSavedInFolder(transfer);

  if (!isFinished(transfer)) {
    const asked = pauseActionOf(transfer);
    const kept = bytesToDiscard(transfer);
    const size = bytes(kept ?? 0);
    const word = kept === null ? 'cancel' : 'discard';
    return (
      <div className={styles['actions']}>
        {asked !== null && (
          <Button
            aria-label={t(`window.transfers.${asked.word}Of`, { what })}
            onPress={() => ask(bridge.call(asked.command, { transferId }))}
          >
            {t(`window.transfers.${asked.word}`)}
          </Button>
        )}
        <Button
          kind="quiet"
          aria-label={t(`window.transfers.${word}Of`, { what, size })}
          onPress={() => ask(bridge.call('cancel', { transferId }))}
        >
          {t(`window.transfers.${word}`, { size })}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles['actions']}>
      {canReveal && (
        <Button
          aria-label={t('window.transfers.revealOf', { what })}
          onPress={() => ask(bridge.call('reveal', { transferId }))}
        >
          {t('window.transfers.reveal')}
        </Button>
      )}
      {transfer.content === undefined && <VerifyAction transfer={transfer} what={what} />}
      {canUndo(transfer) && (
        <Button
          aria-label={t('window.transfers.undoOf', { what })}
          onPress={() => ask(bridge.call('undo', { transferId }))}
        >
          {t('window.transfers.undo')}
        </Button>
      )}
      {canRetryFailed(transfer) && <RetryFailed transfer={transfer} what={what} />}
      {canRetry(transfer) && (
        <Button
          aria-label={t('window.transfers.retryOf', { what })}
          onPress={() => ask(bridge.call('retry', { transferId }))}
        >
          {t('window.transfers.retry')}
        </Button>
      )}
      <Button
        kind="quiet"
        aria-label={t('window.transfers.dismissOf', { what })}
        onPress={() => ask(bridge.call('dismiss', { transferId }))}
      >
        {t('window.transfers.dismiss')}
      </Button>
    </div>
  );
}

/** One button in one place: a second press of it takes the first one back. */
function pauseActionOf(transfer: Transfer) {
  if (canPause(transfer)) return { word: 'pause', command: 'pause' } as const;
  if (canGoOn(transfer)) return { word: 'resume', command: 'resume' } as const;
  if (canTryNow(transfer)) return { word: 'tryNow', command: 'resume' } as const;
  return null;
}
