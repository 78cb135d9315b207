import { useState } from 'react';
import type { Visibility } from '../../../shared/model/settings.ts';
import { VISIBILITIES } from '../../../shared/model/settings.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import styles from './settings-page.module.css';

/** Who finds this device, and whose offers come before its person. */
export function VisibilitySetting() {
  const settings = usePart('settings');
  const bridge = useBridge();
  const ask = useAsk();
  const [saved, setSaved] = useState<Visibility | null>(null);

  async function save(visibility: Visibility): Promise<void> {
    const answer = await bridge.call('setSettings', { visibility });
    if (answer.ok) setSaved(visibility);
    await ask(Promise.resolve(answer));
  }

  return (
    <div className={styles['setting']}>
      <SelectField
        label={t('window.settings.visibility')}
        value={settings.visibility}
        options={VISIBILITIES.map((value) => ({
          value,
          words: t(`window.visibility.${value}`),
        }))}
        description={t(`window.visibility.${settings.visibility}More`)}
        onChange={save}
      />
      <p role="status" className={styles['said']}>
        {saved === settings.visibility ? t('window.settings.saved') : ''}
      </p>
    </div>
  );
}
