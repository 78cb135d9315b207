import { t } from '../../text.tsx';
import { BlockedDevices } from './blocked-devices.tsx';
import { DirectorySetting } from './directory-setting.tsx';
import { ExistingSetting } from './existing-setting.tsx';
import { IdentitySetting } from './identity-setting.tsx';
import { InterfaceSetting } from './interface-setting.tsx';
import { LanguageSetting } from './language-setting.tsx';
import { NameSetting } from './name-setting.tsx';
import { Networks } from './networks.tsx';
import { PaceSetting } from './pace-setting.tsx';
import { PairedDevices } from './paired-devices.tsx';
import { PortSetting } from './port-setting.tsx';
import { ProgramSettings } from './program-settings.tsx';
import { ReachableSetting } from './reachable-setting.tsx';
import { ThemeSetting } from './theme-setting.tsx';
import { VisibilitySetting } from './visibility-setting.tsx';
import styles from './settings-page.module.css';

export function SettingsPage() {
  return (
    <section className={styles['page']} aria-labelledby="settings-title">
      <h2 id="settings-title" tabIndex={-1} className={styles['title']}>
        {t('window.settings.title')}
      </h2>
      <NameSetting />
      <VisibilitySetting />
      <DirectorySetting level={3} />
      <ExistingSetting />
      <PortSetting />
      <InterfaceSetting />
      <ReachableSetting />
      <PaceSetting />
      <ThemeSetting />
      <LanguageSetting />
      <PairedDevices />
      <Networks />
      <BlockedDevices />
      <IdentitySetting />
      <ProgramSettings />
    </section>
  );
}
