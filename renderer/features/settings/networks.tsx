import { useId } from 'react';
import type { ListedNetwork } from '../../../shared/model/network.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { Words, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { Name, shownName } from '../../ui/name.tsx';
import styles from './paired-devices.module.css';

/** The networks over which a paired device may be accepted without asking. */
export function Networks() {
  const networks = usePart('networks');
  const titleId = useId();
  return (
    <section className={styles['devices']} aria-labelledby={titleId}>
      <h4 id={titleId}>{t('window.settings.networks')}</h4>
      <p className={styles['more']}>
        {t(networks.length === 0 ? 'window.settings.networksNone' : 'window.settings.networksMore')}
      </p>
      {networks.length > 0 && (
        <ul aria-labelledby={titleId}>
          {networks.map((network) => (
            <Row key={network.id} network={network} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ network }: { readonly network: ListedNetwork }) {
  const { id: networkId, label, isTrusted, isHere } = network;
  const bridge = useBridge();
  const ask = useAsk();
  const words = t(isTrusted ? 'window.settings.distrust' : 'window.settings.trust');
  return (
    <li className={styles['device']}>
      <div>
        <p className={styles['name']}>
          <Words k="window.settings.network" gaps={{ router: <Name>{label}</Name> }} />
        </p>
        <p className={styles['more']}>
          {t(isHere ? 'window.settings.networkHere' : 'window.settings.networkAway')} ·{' '}
          {t(isTrusted ? 'window.settings.networkTrusted' : 'window.settings.networkNotTrusted')}
        </p>
      </div>
      <Button
        kind={isTrusted ? 'quiet' : 'plain'}
        aria-label={t('join.reason', {
          what: words,
          reason: t('window.settings.network', { router: shownName(label) }),
        })}
        onPress={() => void ask(bridge.call('trustNetwork', { networkId, trusted: !isTrusted }))}
      >
        {words}
      </Button>
    </li>
  );
}
