import { useState } from 'react';
import type { LanguageSetting as Setting } from '../../../shared/model/language.ts';
import { LANGUAGE_SETTINGS, OWN_NAMES } from '../../../shared/model/language.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import styles from './settings-page.module.css';

/** In which language this device speaks, here and in its notifications. */
export function LanguageSetting() {
  const settings = usePart('settings');
  const bridge = useBridge();
  const ask = useAsk();
  const [saved, setSaved] = useState<Setting | null>(null);

  async function save(language: Setting): Promise<void> {
    const answer = await bridge.call('setSettings', { language });
    if (answer.ok) setSaved(language);
    await ask(Promise.resolve(answer));
  }

  return (
    <div className={styles['setting']}>
      <SelectField
        label={t('window.settings.language')}
        value={settings.language}
        options={LANGUAGE_SETTINGS.map((value) => ({
          value,
          words: value === 'system' ? t('window.settings.languageSystem') : OWN_NAMES[value],
          ...(value !== 'system' && { lang: value }),
        }))}
        description={t('window.settings.languageMore')}
        onChange={save}
      />
      <p role="status" className={styles['said']}>
        {saved === settings.language ? t('window.settings.saved') : ''}
      </p>
    </div>
  );
}
