import { useState } from 'react';
import type { ListedInterface } from '../../../shared/model/network-interface.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { shownName } from '../../ui/name.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import styles from './settings-page.module.css';

/** No interface has an empty name. */
const ALL = '';

/** Over which network interface this device is seen, called and calls. */
export function InterfaceSetting() {
  const settings = usePart('settings');
  const interfaces = usePart('interfaces');
  const bridge = useBridge();
  const ask = useAsk();
  const [saved, setSaved] = useState<string | null | undefined>(undefined);
  const now = settings.interface;
  const isAway = interfaces.some(({ name, addresses }) => name === now && addresses.length === 0);

  const meaning = now === null ? 'interfaceAllMore' : isAway ? 'interfaceGone' : 'interfaceMore';

  async function save(value: string): Promise<void> {
    const chosen = value === ALL ? null : value;
    const answer = await bridge.call('setSettings', { interface: chosen });
    if (answer.ok) setSaved(chosen);
    await ask(Promise.resolve(answer));
  }

  return (
    <div className={styles['setting']}>
      <SelectField
        label={t('window.settings.interface')}
        value={now ?? ALL}
        options={[
          { value: ALL, words: t('window.settings.interfaceAll') },
          ...interfaces.map((one) => ({ value: one.name, words: words(one) })),
        ]}
        description={t(`window.settings.${meaning}`)}
        onChange={save}
      />
      <p role="status" className={styles['said']}>
        {saved === now ? t('window.settings.saved') : ''}
      </p>
    </div>
  );
}

function words({ name, addresses }: ListedInterface): string {
  const [address] = addresses;
  if (address === undefined) return t('window.settings.interfaceAway', { name: shownName(name) });
  return t('window.settings.interfaceAt', { name: shownName(name), address });
}
