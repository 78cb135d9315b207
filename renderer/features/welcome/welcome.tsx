import { useState } from 'react';
import type { ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './welcome.module.css';

const MAX_CHARACTERS = 256;

/** The first screen of a new device: what it is called, and where things go (`folder` asks for that). */
export function Welcome({ folder }: { readonly folder: ReactNode }) {
  const self = usePart('self');
  const bridge = useBridge();
  const ask = useAsk();
  const [typed, setTyped] = useState(self.name);

  async function begin(): Promise<void> {
    const name = typed.trim();
    const isOwn = name !== '' && name !== self.name;
    await ask(bridge.call('setSettings', { isWelcomed: true, ...(isOwn && { deviceName: name }) }));
  }

  return (
    <section className={styles['welcome']} aria-labelledby="welcome-title">
      <svg viewBox="10 8 220 44" aria-hidden="true" className={styles['picture']}>
        <path
          d="M 16 16 C 90 16 90 46 132 34 C 168 24 176 16 224 16"
          className={styles['thread']}
        />
        <circle cx="16" cy="16" r="6" className={styles['end']} />
        <circle cx="224" cy="16" r="6" className={styles['end']} />
      </svg>
      <h1 id="welcome-title">{t('window.welcome.title')}</h1>
      <p className={styles['body']}>{t('window.welcome.body')}</p>
      <Form
        id="welcome-form"
        className={styles['name'] ?? ''}
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <TextField
          label={t('window.settings.name')}
          description={t('window.welcome.nameMore')}
          value={typed}
          maxLength={MAX_CHARACTERS}
          isFocusedAtFirst
          onChange={setTyped}
        />
      </Form>
      {folder}
      <Button kind="strong" type="submit" form="welcome-form">
        {t('window.welcome.begin')}
      </Button>
    </section>
  );
}
