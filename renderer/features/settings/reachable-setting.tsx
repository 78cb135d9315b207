import { useState } from 'react';
import type { ReachableFrom } from '../../../shared/model/settings.ts';
import { REACHABLE_FROM } from '../../../shared/model/settings.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import styles from './settings-page.module.css';

/** From which networks connections are taken. */
export function ReachableSetting() {
  const settings = usePart('settings');
  const bridge = useBridge();
  const ask = useAsk();
  const [saved, setSaved] = useState<ReachableFrom | null>(null);

  async function save(reachableFrom: ReachableFrom): Promise<void> {
    const answer = await bridge.call('setSettings', { reachableFrom });
    if (answer.ok) setSaved(reachableFrom);
    await ask(Promise.resolve(answer));
  }

  return (
    <div className={styles['setting']}>
      <SelectField
        label={t('window.settings.reachable')}
        value={settings.reachableFrom}
        options={REACHABLE_FROM.map((value) => ({
          value,
          words: t(`window.reachableFrom.${value}`),
        }))}
        description={t(`window.reachableFrom.${settings.reachableFrom}More`)}
        onChange={save}
      />
      <p role="status" className={styles['said']}>
        {saved === settings.reachableFrom ? t('window.settings.saved') : ''}
      </p>
    </div>
  );
}
