import type { PairedDevice } from '../../../shared/model/pairing.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { DeviceIcons } from '../../ui/icons.tsx';
import { Name } from '../../ui/name.tsx';
import styles from './away-list.module.css';

/** Devices that are known and not in sight: nothing can be sent to them now. */
export function AwayList({ devices }: { readonly devices: readonly PairedDevice[] }) {
  const { discovery } = usePart('self');
  return (
    <div className={styles['away']}>
      <h3 id="away-title">{t('window.peers.away')}</h3>
      <ul className={styles['list']} aria-labelledby="away-title">
        {devices.map(({ id, name, platform }) => {
          const Icon = DeviceIcons[platform];
          return (
            <li key={id} className={styles['device']}>
              <Icon />
              <Name>{name}</Name>
            </li>
          );
        })}
      </ul>
      <p className={styles['more']}>
        {t(discovery === 'on' ? 'window.peers.awayMore' : 'window.peers.awayByHand')}
      </p>
    </div>
  );
}
