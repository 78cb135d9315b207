import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './settings-page.module.css';

/** Who this device is to others, and where the key is that proves it. */
export function IdentitySetting() {
  const self = usePart('self');
  const bridge = useBridge();
  const ask = useAsk();
  const other = self.keyKept === 'store' ? 'file' : 'store';
  return (
    <div className={styles['identity']}>
      <h4>{t('window.settings.id')}</h4>
      <p className={styles['id']}>
        <bdi>{self.id.match(/.{1,4}/g)?.join(' ')}</bdi>
      </p>
      <p className={styles['more']}>{t('window.settings.idMore')}</p>
      <p className={styles['more']} role="status" data-key-kept={self.keyKept}>
        {t(`window.settings.key.${self.keyKept}`)}
      </p>
      {(self.hasKeyStore || other === 'file') && (
        <Button onPress={() => void ask(bridge.call('keepKey', { place: other }))}>
          {t(`window.settings.keyTo.${other}`)}
        </Button>
      )}
    </div>
  );
}
