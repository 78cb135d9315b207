import type { Transfer } from '../../../shared/model/transfer.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import { canRead, isRetriedWithAll } from '../../../shared/model/transfer-actions.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { TransferRow } from './transfer-row.tsx';
import styles from './transfer-list.module.css';

/** Texts that are read as they come; together they fit what a console may have to send at once. */
const MAX_READ_AT_ONCE = 10;

/** What goes, comes and has come, newest first. An offer that waits for an answer has its own place. */
export function TransferList() {
  const transfers = usePart('transfers');
  const bridge = useBridge();
  const ask = useAsk();
  const listed = transfers.filter((transfer) => !isOpenOffer(transfer));
  const finished = listed.filter(isFinished);
  const newest = listed.filter(canRead).slice(0, MAX_READ_AT_ONCE);
  const readAtOnce = new Set(newest.map(({ id }) => id));

  return (
    <section className={styles['section']} aria-labelledby="transfers-title">
      <div className={styles['heading']}>
        <h2 id="transfers-title">{t('window.transfers.title')}</h2>
        {transfers.filter(isRetriedWithAll).length > 1 && (
          <Button kind="quiet" onPress={() => ask(bridge.call('retryAll', {}))}>
            {t('window.transfers.retryAll')}
          </Button>
        )}
        {finished.length > 1 && (
          <Button
            kind="quiet"
            onPress={() => {
              for (const { id } of finished) void ask(bridge.call('dismiss', { transferId: id }));
            }}
          >
            {t('window.transfers.clear')}
          </Button>
        )}
      </div>
      {listed.length === 0 ? (
        <p className={styles['empty']}>{t('window.transfers.empty')}</p>
      ) : (
        <ul className={styles['list']} aria-labelledby="transfers-title">
          {listed.map((transfer) => (
            <TransferRow
              key={transfer.id}
              transfer={transfer}
              readsText={readAtOnce.has(transfer.id)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function isOpenOffer({ phase, direction }: Transfer): boolean {
  return phase === 'offered' && direction === 'receive';
}
