import type { ListedFile, ReceivedState, SentState } from '../../../../shared/model/file-list.ts';
import type { Transfer } from '../../../../shared/model/transfer.ts';
import { useAsk, useBridge } from '../../../bridge.ts';
import { Words, bytes, failureWords, t } from '../../../text.tsx';
import { FolderIcon } from '../../../ui/icons.tsx';
import { Name, shownName } from '../../../ui/name.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import styles from './files-of.module.css';

interface FileRowProps {
  readonly transfer: Transfer;
  /** undefined: it is on its way. */
  readonly file: ListedFile | undefined;
}

/** What became of one file, and the way to it. */
export function FileRow({ transfer, file }: FileRowProps) {
  if (file === undefined) return null;
  const { path, state, code } = file;
  const why = code === null ? undefined : failureWords({ code, details: {} }).title;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    <>
      <span className={styles['path']} title={shownName(path)}>
        {path.includes('/') && (
          <span className={styles['folder']}>
            <Name>{path.slice(0, path.lastIndexOf('/') + 1)}</Name>
          </span>
        )}
        <span className={styles['name']}>
          <Name>{name}</Name>
        </span>
      </span>
      <span className={styles['bytes']}>{bytes(file.bytes)}</span>
      <span className={styles['state']} data-state={state} title={why}>
        {why === undefined ? (
          <StateWords transfer={transfer} file={file} />
        ) : (
          <>
            {/* the colour says to the eye that it failed */}
            <span className="only-heard">
              <StateWords transfer={transfer} file={file} />.{' '}
            </span>
            {why}
          </>
        )}
      </span>
      <span className={styles['reveal']}>
        {file.savedAs !== null && <Reveal transfer={transfer} file={file} name={name} />}
      </span>
    </>
  );
}

/** One that was skipped was here, or there: whoever sends says it of the other side. */
function StateWords({
  transfer,
  file,
}: {
  readonly transfer: Transfer;
  readonly file: ListedFile;
}) {
  const { state, renamedTo } = file;
  if (transfer.direction === 'send') {
    return <>{t(`window.files.sentState.${state as SentState}`)}</>;
  }
  return (
    <Words
      k={`window.files.state.${state as ReceivedState}`}
      gaps={{ name: <Name>{renamedTo ?? ''}</Name> }}
    />
  );
}

interface RevealProps {
  readonly transfer: Transfer;
  readonly file: ListedFile;
  readonly name: string;
}

function Reveal({ transfer, file, name }: RevealProps) {
  const bridge = useBridge();
  const ask = useAsk();
  const input = { transferId: transfer.id, file: file.at };
  return (
    <RowButton
      label={t('window.transfers.revealOf', { what: shownName(name) })}
      onPress={() => void ask(bridge.call('revealFile', input))}
    >
      <FolderIcon />
    </RowButton>
  );
}
