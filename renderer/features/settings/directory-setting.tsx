import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { Folder } from '../../../shared/contract.ts';
import type { Failure } from '../../../shared/errors.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import type { FolderChoice } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { failureWords, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { Name } from '../../ui/name.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './settings-page.module.css';

/** Where received files go. `level`: below the heading that it stands under. */
export function DirectorySetting({ level }: { readonly level: 2 | 4 }) {
  const Title = `h${level}` as const;
  const self = usePart('self');
  const bridge = useBridge();
  const ask = useAsk();
  const [isNaming, setNaming] = useState(false);
  const { folders } = bridge;

  async function use(folder: Folder | null): Promise<void> {
    if (folder === null) return;
    await ask(bridge.call('setDirectory', { folderId: folder.folderId }));
    setNaming(false);
  }

  if (isNaming && folders.by === 'name') {
    return (
      <DirectoryForm
        folders={folders}
        current={self.directory}
        onNamed={use}
        onBack={() => setNaming(false)}
      />
    );
  }
  return (
    <div className={styles['folder']}>
      <Title>{t('window.settings.folder')}</Title>
      <div className={styles['folderRow']}>
        <p className={styles['path']}>
          <Name>{self.directory}</Name>
        </p>
        <Button
          aria-label={`${t('window.settings.change')} ${t('window.settings.folder')}`}
          onPress={async () => {
            if (folders.by === 'name') setNaming(true);
            else await use(await ask(folders.choose()));
          }}
        >
          {t('window.settings.change')}
        </Button>
      </div>
      <p className={styles['more']}>{t('window.settings.folderMore')}</p>
    </div>
  );
}

function DirectoryForm(props: {
  readonly folders: Extract<FolderChoice, { by: 'name' }>;
  readonly current: string;
  readonly onNamed: (folder: Folder) => Promise<void>;
  readonly onBack: () => void;
}) {
  const [path, setPath] = useState(props.current);
  const [failure, setFailure] = useState<Failure | null>(null);
  async function save(): Promise<void> {
    if (path.trim() === '') return;
    const answer = await props.folders.name(path.trim());
    if (answer.ok) await props.onNamed(answer.value);
    else setFailure(answer.failure);
  }
  return (
    <Form
      className={styles['setting'] ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextField
        label={t('window.settings.folder')}
        description={t('window.offer.folderExample', { path: props.current })}
        value={path}
        isFocusedAtFirst
        error={failure === null ? null : failureWords(failure).what}
        onChange={(value) => {
          setPath(value);
          setFailure(null);
        }}
        onEscape={props.onBack}
      />
      <Button type="submit">{t('window.settings.use')}</Button>
    </Form>
  );
}
