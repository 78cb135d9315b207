import type { Failure } from '../../../shared/errors.ts';
import { canListFiles } from '../../../shared/model/file-list.ts';
import type { Transfer } from '../../../shared/model/transfer.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import { canRead, isSavedInFolder } from '../../../shared/model/transfer-actions.ts';
import { usePart } from '../../snapshot.ts';
import {
  Items,
  Words,
  failureText,
  failureWords,
  itemsText,
  rate,
  steady,
  t,
} from '../../text.tsx';
import { Course } from '../../ui/course.tsx';
import { DeviceIcons } from '../../ui/icons.tsx';
import { Name } from '../../ui/name.tsx';
import { Thread } from '../../ui/thread.tsx';
import { CheckLines } from './check/check-lines.tsx';
import { FilesOf } from './files/files-of.tsx';
import { MetLines } from './met-lines.tsx';
import { phaseWords } from './phase-words.ts';
import { ProblemLines } from './problem-lines.tsx';
import { figures, progressOf, progressText } from './progress.ts';
import { ContentIcon } from './text/content-icon.tsx';
import { PastText } from './text/past-text.tsx';
import { ReceivedText } from './text/received-text.tsx';
import { TransferActions } from './transfer-actions.tsx';
import styles from './transfer-row.module.css';

interface TransferRowProps {
  readonly transfer: Transfer;
  /** Its text is read at once; else when somebody wants to. */
  readonly readsText: boolean;
}

/** A row is drawn again by its own news only. */
export const TransferRow = steady(function TransferRow({ transfer, readsText }: TransferRowProps) {
  const phase = phaseWords(transfer);
  const progress = progressOf(transfer);
  const what = itemsText(transfer);
  const failure = failureOf(transfer);
  return (
    <li className={styles['row']} data-phase={transfer.phase} data-transfer={transfer.id}>
      <div className={styles['top']}>
        <h3 className={styles['what']}>
          <ContentIcon content={transfer.content} />
          <RowTitle transfer={transfer} />
        </h3>
        <p className={styles['who']}>
          <Words
            k={transfer.direction === 'send' ? 'window.transfers.to' : 'window.transfers.from'}
            gaps={{ name: <Name>{transfer.peer.name}</Name> }}
          />
        </p>
      </div>
      <TransferActions transfer={transfer} what={what} />
      {progress !== null && (
        <div className={styles['thread']}>
          <Thread
            state={progress.thread}
            fraction={progress.fraction}
            takenUpAt={progress.takenUpAt}
            {...{ [transfer.direction === 'send' ? 'to' : 'from']: <PeerFace {...transfer} /> }}
            label={t('window.transfers.progress', { what })}
            valueLabel={progressText(transfer, phase)}
          />
        </div>
      )}
      <div className={styles['pace']}>
        <p className={styles['figures']}>
          <span className={styles['phase']}>{phase}</span>
          {figures(transfer).map((figure) => (
            <span key={figure} className={styles['figure']}>
              {figure}
            </span>
          ))}
        </p>
        {transfer.phase === 'transferring' && <RateCourse rates={transfer.course ?? []} />}
      </div>
      {transfer.mode === 'plain' && <p className={styles['plain']}>{t('window.plain.mark')}</p>}
      {failure !== null && <FailureLine failure={failure} goesOn={transfer.phase !== 'failed'} />}
      {isSavedInFolder(transfer) && (
        <p className={styles['more']}>
          <Words
            k="window.transfers.savedAs"
            gaps={{ path: <Name>{transfer.savedAs ?? ''}</Name> }}
          />
        </p>
      )}
      <MetLines transfer={transfer} className={styles['more'] ?? ''} />
      <ProblemLines transfer={transfer} />
      <CheckLines transfer={transfer} what={what} />
      {canListFiles(transfer) && (
        <FilesOf
          transferId={transfer.id}
          direction={transfer.direction}
          isComing={!isFinished(transfer)}
          what={what}
        />
      )}
      {canRead(transfer) &&
        (readsText ? <ReceivedText transfer={transfer} /> : <PastText transfer={transfer} />)}
    </li>
  );
});

/** What it is called; of a text that is read below it the kind is enough. */
function RowTitle({ transfer }: { readonly transfer: Transfer }) {
  const { content } = transfer;
  if (content !== undefined && canRead(transfer)) return t(`window.text.${content}`);
  return <Items {...transfer} />;
}

/** Who is at the other end of the line, by the kind of their device where that is known. */
function PeerFace({ peer }: Pick<Transfer, 'peer'>) {
  const peers = usePart('peers');
  const paired = usePart('paired');
  const known = [...peers, ...paired].find(({ id }) => id !== null && id === peer.id);
  const Icon = DeviceIcons[known?.platform ?? 'other'];
  return <Icon />;
}

function RateCourse({ rates }: { readonly rates: readonly number[] }) {
  const highest = rate(Math.max(...rates, 0));
  return <Course values={rates} label={t('window.transfers.course', { highest })} />;
}

function failureOf(transfer: Transfer): Failure | null {
  if (transfer.phase === 'failed') return transfer.failure;
  if (transfer.phase !== 'interrupted') return null;
  // the advice for a full disk is for the person whose disk it is
  const isTheirs = transfer.direction === 'send' && transfer.failure.code === 'DISK_FULL';
  return isTheirs ? null : transfer.failure;
}

function FailureLine(props: { readonly failure: Failure; readonly goesOn: boolean }) {
  const { failure, goesOn } = props;
  // what waits for room is not to be tried again by anybody
  const isEnough = goesOn && failure.code === 'DISK_FULL';
  const words = isEnough ? failureWords(failure).what : failureText(failure);
  return <p className={styles['more']}>{words}</p>;
}
