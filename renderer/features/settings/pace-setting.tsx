import { useState } from 'react';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { rate, t } from '../../text.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import styles from './settings-page.module.css';

const MB = 1_000_000;
const OFFERED: readonly number[] = [MB / 2, MB, 2 * MB, 5 * MB, 10 * MB, 25 * MB, 50 * MB];
const NO_LIMIT = 'none';

/** How much of the network sending may take. */
export function PaceSetting() {
  const settings = usePart('settings');
  const bridge = useBridge();
  const ask = useAsk();
  const [saved, setSaved] = useState<number | null | undefined>(undefined);
  const now = settings.sendBytesPerSecond;
  // one that was written into the file by hand stays among those to choose from
  const limits = [...new Set([...OFFERED, ...(now === null ? [] : [now])])].sort((a, b) => a - b);

  async function save(value: string): Promise<void> {
    const sendBytesPerSecond = value === NO_LIMIT ? null : Number(value);
    const answer = await bridge.call('setSettings', { sendBytesPerSecond });
    if (answer.ok) setSaved(sendBytesPerSecond);
    await ask(Promise.resolve(answer));
  }

  return (
    <div className={styles['setting']}>
      <SelectField
        label={t('window.settings.pace')}
        value={now === null ? NO_LIMIT : String(now)}
        options={[
          { value: NO_LIMIT, words: t('window.settings.paceNone') },
          ...limits.map((limit) => ({
            value: String(limit),
            words: t('window.settings.paceUpTo', { rate: rate(limit) }),
          })),
        ]}
        description={t('window.settings.paceMore')}
        onChange={save}
      />
      <p role="status" className={styles['said']}>
        {saved === now ? t('window.settings.saved') : ''}
      </p>
    </div>
  );
}
