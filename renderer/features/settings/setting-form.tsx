import { useState } from 'react';
import type { ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './settings-page.module.css';

interface SettingFormProps {
  readonly canSave: boolean;
  /** Whether it was saved. */
  readonly save: () => Promise<boolean>;
  /** Said once it was, until something is typed again. */
  readonly saidWhenSaved: string;
  readonly children: ReactNode;
}

/** One setting: a field, a button that saves it, and word that it was saved. */
export function SettingForm({ canSave, save, saidWhenSaved, children }: SettingFormProps) {
  const [isSaved, setSaved] = useState(false);
  return (
    <Form
      className={styles['setting'] ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) void save().then(setSaved);
      }}
    >
      {children}
      <Button type="submit" isDisabled={!canSave}>
        {t('window.settings.save')}
      </Button>
      <p role="status" className={styles['said']}>
        {isSaved && !canSave ? saidWhenSaved : ''}
      </p>
    </Form>
  );
}
