import type { Transfer } from '../../../shared/model/transfer.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';

interface RetryFailedProps {
  readonly transfer: Transfer;
  readonly what: string;
  /** They are offered once more. */
  readonly onSent?: () => void;
}

/** Offers just those files again that did not make it. */
export function RetryFailed({ transfer, what, onSent }: RetryFailedProps) {
  const bridge = useBridge();
  const ask = useAsk();
  if (transfer.phase !== 'delivered') return null;
  const { count } = transfer.failed;
  return (
    <Button
      aria-label={t('window.transfers.retryFailedOf', { count, what })}
      onPress={async () => {
        const answer = await ask(bridge.call('retryFailed', { transferId: transfer.id }));
        if (answer !== null) onSent?.();
      }}
    >
      {t('window.transfers.retryFailed', { count })}
    </Button>
  );
}
