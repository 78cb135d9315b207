import { useId } from 'react';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { Name, shownName } from '../../ui/name.tsx';
import styles from './paired-devices.module.css';

/** The devices that nothing is heard of. There is no such list while it is empty. */
export function BlockedDevices() {
  const blocked = usePart('blocked');
  const bridge = useBridge();
  const ask = useAsk();
  const titleId = useId();
  if (blocked.length === 0) return null;
  return (
    <section className={styles['devices']} aria-labelledby={titleId}>
      <h4 id={titleId}>{t('window.settings.blocked')}</h4>
      <p className={styles['more']}>{t('window.settings.blockedMore')}</p>
      <ul aria-labelledby={titleId}>
        {blocked.map(({ id, name, isStored }) => (
          <li key={id} className={styles['device']}>
            <div>
              <p className={styles['name']}>
                <Name>{name}</Name>
              </p>
              <p className={styles['more']}>
                {t(isStored ? 'window.settings.blockedStored' : 'window.settings.blockedNow')} ·{' '}
                <bdi className={styles['id']}>{id.slice(0, 12)}</bdi>
              </p>
            </div>
            <Button
              kind="quiet"
              aria-label={t('window.settings.unblockOf', { name: shownName(name) })}
              onPress={() => void ask(bridge.call('unblock', { peerId: id }))}
            >
              {t('window.settings.unblock')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
