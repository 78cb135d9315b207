import type { ListedFile, ReceivedState, SentState } from '../../../../shared/model/file-list.ts';
import type { Transfer, TransferId } from '../../../../shared/model/transfer.ts';
import { useAsk, useBridge } from '../../../bridge.ts';
import { Words, bytes, failureWords, steady, t } from '../../../text.tsx';
import { FolderIcon } from '../../../ui/icons.tsx';
import { Name, shownName } from '../../../ui/name.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import styles from './files-of.module.css';

interface FileRowProps {
  readonly transferId: TransferId;
  readonly direction: Transfer['direction'];
  /** undefined: it is on its way. */
  readonly file: ListedFile | undefined;
}

/** What became of one file, and the way to it. */
export const FileRow = steady(function FileRow({ transferId, direction, file }: FileRowProps) {
  if (file === undefined) return null;
  const { path, state, code } = file;
  const why = code === null ? undefined : failureWords({ code, details: {} }).title;
  const isFolder = path.endsWith('/');
  const end = path.lastIndexOf('/', isFolder ? path.length - 2 : undefined) + 1;
  const name = path.slice(end);
  return (
    <>
      <span className={styles['path']} title={shownName(path)}>
        {end > 0 && (
          <span className={styles['folder']}>
            <Name>{path.slice(0, end)}</Name>
          </span>
        )}
        <span className={styles['name']}>
          <Name>{name}</Name>
        </span>
      </span>
      <span className={styles['bytes']}>{isFolder ? '' : bytes(file.bytes)}</span>
      <span className={styles['state']} data-state={state} title={why}>
        {why === undefined ? (
          <StateWords direction={direction} file={file} />
        ) : (
          <>
            {/* the colour says to the eye that it failed */}
            <span className="only-heard">
              <StateWords direction={direction} file={file} />.{' '}
            </span>
            {why}
          </>
        )}
      </span>
      <span className={styles['reveal']}>
        {file.savedAs !== null && <Reveal transferId={transferId} file={file} name={name} />}
      </span>
    </>
  );
});

/** One that was skipped was here, or there: whoever sends says it of the other side. */
function StateWords({
  direction,
  file,
}: {
  readonly direction: Transfer['direction'];
  readonly file: ListedFile;
}) {
  const { state, renamedTo } = file;
  if (direction === 'send') {
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
  readonly transferId: TransferId;
  readonly file: ListedFile;
  readonly name: string;
}

function Reveal({ transferId, file, name }: RevealProps) {
  const bridge = useBridge();
  const ask = useAsk();
  const input = { transferId, file: file.at };
  return (
    <RowButton
      label={t('window.transfers.revealOf', { what: shownName(name) })}
      onPress={() => void ask(bridge.call('revealFile', input))}
    >
      <FolderIcon />
    </RowButton>
  );
}
