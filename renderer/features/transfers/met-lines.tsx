import type { Transfer } from '../../../shared/model/transfer.ts';
import { isFinished, someOfAll } from '../../../shared/model/transfer.ts';
import { t } from '../../text.tsx';

interface MetLinesProps {
  readonly transfer: Transfer;
  readonly className: string;
}

/** What was chosen of it; and what became of the files that were there before. */
export function MetLines({ transfer, className }: MetLinesProps) {
  const { direction, unwanted, replacedCount, identicalCount, undone } = transfer;
  const chosen = unwanted && t(`window.transfers.${direction}Some`, someOfAll(transfer));
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
