import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { Answer, Folder } from '../../../shared/contract.ts';
import type { Failure } from '../../../shared/errors.ts';
import { failureWords, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './save-to-form.module.css';

interface SaveToFormProps {
  readonly name: (path: string) => Promise<Answer<Folder>>;
  readonly example: string;
  readonly onNamed: (folder: Folder) => void;
  readonly onBack: () => void;
}

/** Where no system dialog is to be had, the folder is named by its path. Naming it accepts nothing. */
export function SaveToForm({ name, example, onNamed, onBack }: SaveToFormProps) {
  const [path, setPath] = useState(example);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function use(): Promise<void> {
    if (path.trim() === '') return;
    const answer = await name(path.trim());
    if (answer.ok) onNamed(answer.value);
    else setFailure(answer.failure);
  }

  return (
    <Form
      className={styles['form'] ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        void use();
      }}
    >
      <TextField
        label={t('window.offer.folderLabel')}
        description={t('window.offer.folderExample', { path: example })}
        value={path}
        isFocusedAtFirst
        error={failure === null ? null : failureWords(failure).what}
        onChange={(value) => {
          setPath(value);
          setFailure(null);
        }}
        onEscape={onBack}
      />
      <div className={styles['actions']}>
        <Button kind="quiet" onPress={onBack}>
          {t('window.offer.back')}
        </Button>
        <Button type="submit">{t('window.offer.useFolder')}</Button>
      </div>
    </Form>
  );
}
