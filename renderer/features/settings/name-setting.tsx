import { useState } from 'react';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { SettingForm } from './setting-form.tsx';

const MAX_CHARACTERS = 256;

export function NameSetting() {
  const self = usePart('self');
  const settings = usePart('settings');
  const bridge = useBridge();
  const ask = useAsk();
  const [typed, setTyped] = useState<string | null>(null);
  const current = settings.deviceName ?? '';
  const name = typed ?? current;

  async function save(): Promise<boolean> {
    const deviceName = name.trim() === '' ? null : name.trim();
    const saved = await bridge.call('setSettings', { deviceName });
    const isSaved = saved.ok;
    await ask(Promise.resolve(saved));
    if (isSaved) setTyped(null);
    return isSaved;
  }

  return (
    <SettingForm
      canSave={name.trim() !== current}
      save={save}
      saidWhenSaved={t('window.settings.saved')}
    >
      <TextField
        label={t('window.settings.name')}
        description={t('window.settings.nameMore')}
        value={name}
        placeholder={settings.deviceName === null ? self.name : ''}
        maxLength={MAX_CHARACTERS}
        onChange={setTyped}
      />
    </SettingForm>
  );
}
