import { useState } from 'react';
import { DEFAULT_PORT } from '../../../shared/model/settings.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { SettingForm } from './setting-form.tsx';

const MAX_PORT = 65_535;

function parsePort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : -1;
  return port >= 0 && port <= MAX_PORT ? port : null;
}

export function PortSetting() {
  const self = usePart('self');
  const settings = usePart('settings');
  const bridge = useBridge();
  const ask = useAsk();
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? String(settings.port);
  const port = parsePort(text);

  async function save(): Promise<boolean> {
    if (port === null) return false;
    const saved = await bridge.call('setSettings', { port });
    await ask(Promise.resolve(saved));
    if (saved.ok) setTyped(null);
    return saved.ok;
  }

  const isInUse = self.port === settings.port || (settings.port === 0 && self.port !== null);
  return (
    <SettingForm
      canSave={port !== null && port !== settings.port}
      save={save}
      saidWhenSaved={t(isInUse ? 'window.settings.saved' : 'window.settings.portLater')}
    >
      <TextField
        label={t('window.settings.port')}
        description={t('window.settings.portMore', { port: DEFAULT_PORT })}
        value={text}
        inputMode="numeric"
        maxLength={5}
        error={port === null ? t('window.settings.portWrong') : null}
        onChange={setTyped}
      />
    </SettingForm>
  );
}
