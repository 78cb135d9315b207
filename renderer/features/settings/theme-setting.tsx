import { THEMES } from '../../../shared/model/settings.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { Segments } from '../../ui/segments.tsx';
import styles from './settings-page.module.css';

/** Light or dark, or as the system shows everything. */
export function ThemeSetting() {
  const settings = usePart('settings');
  const bridge = useBridge();
  const ask = useAsk();
  return (
    <div className={styles['folder']}>
      <span className={styles['label']}>{t('window.settings.theme')}</span>
      <div>
        <Segments
          label={t('window.settings.theme')}
          value={settings.theme}
          choices={THEMES.map((value) => ({ value, words: t(`window.settings.themes.${value}`) }))}
          onChange={(theme) => void ask(bridge.call('setSettings', { theme }))}
        />
      </div>
    </div>
  );
}
