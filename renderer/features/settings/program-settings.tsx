import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { Switch } from '../../ui/switch.tsx';
import styles from './settings-page.module.css';

/** How the program behaves on this computer. A page in a browser neither starts nor closes it. */
export function ProgramSettings() {
  const settings = usePart('settings');
  const bridge = useBridge();
  const ask = useAsk();
  return (
    <div className={styles['program']}>
      {bridge.face === 'desktop' && (
        <>
          <Switch
            label={t('window.settings.login')}
            description={t('window.settings.loginMore')}
            isOn={settings.openAtLogin}
            onChange={(openAtLogin) => void ask(bridge.call('setSettings', { openAtLogin }))}
          />
          <Switch
            label={t('window.settings.tray')}
            description={t('window.settings.trayMore')}
            isOn={settings.closeToTray}
            onChange={(closeToTray) => void ask(bridge.call('setSettings', { closeToTray }))}
          />
        </>
      )}
      <div className={styles['folder']}>
        <h4>{t('window.settings.log')}</h4>
        <div className={styles['folderRow']}>
          <p className={styles['more']}>{t('window.settings.logMore')}</p>
          <Button onPress={() => void ask(bridge.call('revealLog', {}))}>
            {t('window.settings.logShow')}
          </Button>
        </div>
      </div>
    </div>
  );
}
