import { Fragment, useEffect, useRef } from 'react';
import type { Selection } from '../../../shared/contract.ts';
import { useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { Items, Words, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { FileIcon, FolderIcon, LinkIcon, SeveralIcon, TextIcon } from '../../ui/icons.tsx';
import { Name } from '../../ui/name.tsx';
import type { Staging } from './staging.ts';
import { TextEditor } from './text-editor.tsx';
import styles from './send-bar.module.css';

type Chosen = ReadonlySet<string> | null;

const MAX_NAMED = 3;

/** Where sending begins: an invitation to drop, or what was chosen and waits for a device. */
export function SendBar({
  staging,
  chosenKeys,
  isDragging,
}: {
  readonly staging: Staging;
  /** Where several devices are chosen: those. null: a press on one sends. */
  readonly chosenKeys: Chosen;
  readonly isDragging: boolean;
}) {
  const { state } = staging;
  return (
    <section
      className={styles['bar']}
      aria-label={t('window.send.region')}
      data-dragging={isDragging || undefined}
      data-step={state.step}
    >
      {state.step === 'writing' ? (
        <TextEditor staging={staging} />
      ) : state.step === 'staged' ? (
        <Waiting staging={staging} chosenKeys={chosenKeys} />
      ) : (
        <Invitation staging={staging} />
      )}
      {isDragging && <p className={styles['release']}>{t('window.send.releaseToStage')}</p>}
    </section>
  );
}

function Invitation({ staging }: { readonly staging: Staging }) {
  const { face } = useBridge();
  const isReading = staging.state.step === 'reading';
  return (
    <>
      <div className={styles['row']}>
        <p className={styles['invitation']} role={isReading ? 'status' : undefined}>
          {t(isReading ? 'window.send.reading' : 'window.send.drop')}
        </p>
        <div className={styles['actions']}>
          <Button icon={<SeveralIcon />} onPress={() => staging.pick('files')}>
            {t('window.send.files')}
          </Button>
          <Button icon={<FolderIcon />} onPress={() => staging.pick('folder')}>
            {t('window.send.folder')}
          </Button>
          <Button icon={<TextIcon />} onPress={() => staging.write(null)}>
            {t('window.send.text')}
          </Button>
        </div>
      </div>
      {face === 'console' && <p className={styles['caveat']}>{t('window.send.browserLine')}</p>}
    </>
  );
}

function Waiting({
  staging,
  chosenKeys,
}: {
  readonly staging: Staging;
  readonly chosenKeys: Chosen;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const id = staging.state.step === 'staged' ? staging.state.staged.selection.selectionId : null;
  useEffect(() => {
    // What had the focus, a button or a file dialog, is gone.
    if (id !== null && !document.activeElement?.matches('input')) heading.current?.focus();
  }, [id]);
  if (staging.state.step !== 'staged') return null;
  const { selection, caveats } = staging.state.staged;
  return (
    <>
      <div className={styles['row']}>
        <ItemIcon {...selection} />
        <div className={styles['what']}>
          <h2 ref={heading} tabIndex={-1}>
            <Words k="window.send.readyItems" gaps={{ what: <Items {...selection} /> }} />
          </h2>
          <p>
            <ToWhom chosenKeys={chosenKeys} />
          </p>
        </div>
        <Button kind="quiet" onPress={() => staging.putBack()}>
          {t('window.send.putBack')}
        </Button>
      </div>
      {caveats.map((caveat) => (
        <p key={caveat} className={styles['caveat']}>
          {t(caveat === 'noExecBits' ? 'window.send.browserLine' : 'window.send.noEmptyFolders')}
        </p>
      ))}
    </>
  );
}

function ToWhom({ chosenKeys }: { readonly chosenKeys: Chosen }) {
  const peers = usePart('peers');
  if (peers.length === 0) return t('window.send.toWhomNobody');
  if (chosenKeys === null) return t('window.send.toWhom');
  const chosen = peers.filter(({ key }) => chosenKeys.has(key));
  const count = chosen.length;
  if (count === 0) return t('window.peers.chosenHint');
  if (count > MAX_NAMED) return t('window.peers.chosen', { count });
  const names = chosen.map(({ key, name }, at) => (
    <Fragment key={key}>
      {at > 0 && t('join.comma')}
      <Name>{name}</Name>
    </Fragment>
  ));
  return <Words k="window.send.toNames" gaps={{ names }} />;
}

function ItemIcon({ items, itemCount, content }: Selection) {
  if (content !== undefined) return content === 'link' ? <LinkIcon /> : <TextIcon />;
  if (itemCount > 1) return <SeveralIcon />;
  return items[0]?.kind === 'folder' ? <FolderIcon /> : <FileIcon />;
}
