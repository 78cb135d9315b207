import { useSnapshot } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { BlockedDevices } from './blocked-devices.tsx';
import { DirectorySetting } from './directory-setting.tsx';
import { ExistingSetting } from './existing-setting.tsx';
import { NameSetting } from './name-setting.tsx';
import { Networks } from './networks.tsx';
import { PairedDevices } from './paired-devices.tsx';
import { PortSetting } from './port-setting.tsx';
import { ReachableSetting } from './reachable-setting.tsx';
import { VisibilitySetting } from './visibility-setting.tsx';
import styles from './settings-page.module.css';

export function SettingsPage() {
  const { self } = useSnapshot();
  return (
    <section className={styles['page']} aria-labelledby="settings-title">
      <h2 id="settings-title" tabIndex={-1} className={styles['title']}>
        {t('window.settings.title')}
      </h2>
      <NameSetting />
      <VisibilitySetting />
      <DirectorySetting />
      <ExistingSetting />
      <PortSetting />
      <ReachableSetting />
      <PairedDevices />
      <Networks />
      <BlockedDevices />
      <div className={styles['identity']}>
        <h3>{t('window.settings.id')}</h3>
        <p className={styles['id']}>{self.id.match(/.{1,4}/g)?.join(' ')}</p>
        <p className={styles['more']}>{t('window.settings.idMore')}</p>
        <p className={styles['more']} data-key-kept={self.keyKept}>
          {t(`window.settings.key.${self.keyKept}`)}
        </p>
      </div>
    </section>
  );
}
