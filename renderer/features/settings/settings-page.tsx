import { useId } from 'react';
import type { ReactNode } from 'react';
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

/** By the matters that people look for, and what is seldom touched at the end. */
export function SettingsPage() {
  return (
    <section className={styles['page']} aria-labelledby="settings-title">
      <h2 id="settings-title" tabIndex={-1} className={styles['title']}>
        {t('window.settings.title')}
      </h2>
      <Group of="device">
        <NameSetting />
        <VisibilitySetting />
      </Group>
      <Group of="receiving">
        <DirectorySetting level={4} />
        <ExistingSetting />
      </Group>
      <Group of="trust">
        <PairedDevices />
        <Networks />
        <BlockedDevices />
        <IdentitySetting />
      </Group>
      <Group of="program">
        <ThemeSetting />
        <LanguageSetting />
        <ProgramSettings />
      </Group>
      <Group of="network">
        <PortSetting />
        <InterfaceSetting />
        <ReachableSetting />
        <PaceSetting />
      </Group>
    </section>
  );
}

interface GroupProps {
  readonly of: 'device' | 'receiving' | 'trust' | 'program' | 'network';
  readonly children: ReactNode;
}

function Group({ of, children }: GroupProps) {
  const titleId = useId();
  return (
    <section className={styles['group']} aria-labelledby={titleId}>
      <h3 id={titleId} className={styles['matter']}>
        {t(`window.settings.groups.${of}`)}
      </h3>
      <div className={styles['settings']}>{children}</div>
    </section>
  );
}
