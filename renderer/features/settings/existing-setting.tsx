import { useState } from 'react';
import type { ExistingChoice } from '../../../shared/model/plan.ts';
import { EXISTING_CHOICES } from '../../../shared/model/plan.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import styles from './settings-page.module.css';

/** What becomes of names that are taken; for a single offer the prompt can say otherwise. */
export function ExistingSetting() {
  const settings = usePart('settings');
  const bridge = useBridge();
  const ask = useAsk();
  const [saved, setSaved] = useState<ExistingChoice | null>(null);

  async function save(existing: ExistingChoice): Promise<void> {
    const answer = await bridge.call('setSettings', { existing });
    if (answer.ok) setSaved(existing);
    await ask(Promise.resolve(answer));
  }

  return (
    <div className={styles['setting']}>
      <SelectField
        label={t('window.settings.existing')}
        value={settings.existing}
        options={EXISTING_CHOICES.map((value) => ({
          value,
          words: t(`window.existing.${value}`),
        }))}
        description={t(`window.existing.${settings.existing}More`)}
        onChange={save}
      />
      <p role="status" className={styles['said']}>
        {saved === settings.existing ? t('window.settings.saved') : ''}
      </p>
    </div>
  );
}
