import { useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import type { Answer, Folder } from '../../../shared/contract.ts';
import type { Failure } from '../../../shared/errors.ts';
import { failureWords, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { refuseEnter } from './answer-buttons.tsx';
import styles from './save-to-form.module.css';

interface SaveToFormProps {
  readonly name: (path: string) => Promise<Answer<Folder>>;
  readonly example: string;
  readonly isArmed: boolean;
  readonly onNamed: (folderId: string) => void;
  readonly onBack: () => void;
}

/** Where no system dialog is to be had, the folder is named by its path. */
export function SaveToForm({ name, example, isArmed, onNamed, onBack }: SaveToFormProps) {
  const [path, setPath] = useState(example);
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = useRef<HTMLDivElement>(null);

  async function accept(): Promise<void> {
    if (!isArmed || path.trim() === '') return;
    const answer = await name(path.trim());
    if (answer.ok) onNamed(answer.value.folderId);
    else setFailure(answer.failure);
  }

  return (
    <Form
      className={styles['form'] ?? ''}
      onSubmit={(event) => {
        // Enter ends the typing; the answer itself is a press of its own.
        event.preventDefault();
        save.current?.querySelector('button')?.focus();
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
        <div ref={save} onKeyDownCapture={refuseEnter}>
          <Button kind="strong" isArming={!isArmed} onPress={() => accept()}>
            {t('window.offer.acceptHere')}
          </Button>
        </div>
      </div>
      {/* A form with one field is submitted by Enter only if it has a submit button, or just that field. */}
      <button type="submit" hidden />
    </Form>
  );
}
