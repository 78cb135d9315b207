import type { Transfer } from '../../../shared/model/transfer.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import { t } from '../../text.tsx';

interface MetLinesProps {
  readonly transfer: Transfer;
  readonly className: string;
}

/** What became of the files that were there before: what was replaced, and what was not sent. */
export function MetLines({ transfer, className }: MetLinesProps) {
  const { direction, replacedCount, identicalCount, undone } = transfer;
  if (direction !== 'receive' || !isFinished(transfer)) return null;
  return (
    <>
      {replacedCount > 0 && (
        <p className={className}>
          {t(undone ? 'window.transfers.undone' : 'window.transfers.replaced', {
            count: replacedCount,
          })}
        </p>
      )}
      {identicalCount > 0 && (
        <p className={className}>{t('window.transfers.identical', { count: identicalCount })}</p>
      )}
    </>
  );
}
