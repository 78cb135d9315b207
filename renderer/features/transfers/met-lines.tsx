import type { Unwanted } from '../../../shared/model/unwanted.ts';
import type { Transfer } from '../../../shared/model/transfer.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import { t } from '../../text.tsx';

interface MetLinesProps {
  readonly transfer: Transfer;
  readonly className: string;
}

/** What was chosen of it; and what became of the files that were there before. */
export function MetLines({ transfer, className }: MetLinesProps) {
  const { direction, unwanted, replacedCount, identicalCount, undone } = transfer;
  const chosen = unwanted && t(`window.transfers.${direction}Some`, someOf(transfer, unwanted));
  const line = chosen === undefined ? null : <p className={className}>{chosen}</p>;
  if (direction !== 'receive' || !isFinished(transfer)) return line;
  return (
    <>
      {line}
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

/** What has failed of it was wanted, too. */
function someOf(transfer: Transfer, unwanted: Unwanted) {
  const failed = transfer.phase === 'delivered' ? transfer.failed.count : 0;
  const some = transfer.totals.files + failed;
  return { some, all: some + unwanted.files };
}
