import { useId, useState } from 'react';
import type { FileFilter } from '../../../../shared/model/file-list.ts';
import { MAX_FILES_A_PAGE, filtersOf } from '../../../../shared/model/file-list.ts';
import type { Transfer, TransferId } from '../../../../shared/model/transfer.ts';
import { useAsk, useBridge } from '../../../bridge.ts';
import { steady, t } from '../../../text.tsx';
import { Button } from '../../../ui/button.tsx';
import { copyText } from '../../../ui/copy-text.ts';
import { OpensIcon } from '../../../ui/icons.tsx';
import { FIRST_ROWS, LongList } from '../../../ui/long-list.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { FileRow } from './file-row.tsx';
import { useFilePages } from './file-pages.ts';
import type { WantedFiles } from './file-pages.ts';
import styles from './files-of.module.css';

interface FilesOfProps {
  readonly transferId: TransferId;
  readonly direction: Transfer['direction'];
  /** There may be news of them yet. */
  readonly isComing: boolean;
  readonly what: string;
}

/** A row that is opened shows what became of each of its files. News of the transfer are none of the list. */
export const FilesOf = steady(function FilesOf({ what, ...files }: FilesOfProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div className={styles['files']}>
      <Button
        kind="quiet"
        icon={<OpensIcon />}
        aria-label={t('window.files.showOf', { what })}
        aria-expanded={isOpen}
        aria-controls={id}
        onPress={() => setOpen(!isOpen)}
      >
        {t('window.files.show')}
      </Button>
      <div id={id}>{isOpen && <FileList what={what} {...files} />}</div>
    </div>
  );
});

function FileList({ transferId, direction, isComing, what }: FilesOfProps) {
  const [text, setText] = useState('');
  const [filter, setFilter] = useState<FileFilter>('all');
  const [rows, setRows] = useState(FIRST_ROWS);
  const wanted = { transferId, text, filter };
  const { last, at } = useFilePages(wanted, isComing, rows);
  if (last === null) return null;
  const { total, counts } = last;
  return (
    <div className={styles['panel']}>
      <search className={styles['search']}>
        <SearchField
          label={t('window.files.search')}
          clear={t('window.search.clear')}
          value={text}
          onChange={(typed) => {
            setText(typed);
            setRows(FIRST_ROWS);
          }}
        />
        <Segments
          label={t('window.files.filter')}
          value={filter}
          choices={filtersOf({ direction }).map((value) => ({
            value,
            words: t(`window.files.${value}`, { count: counts[value] }),
          }))}
          onChange={(chosen) => {
            setFilter(chosen);
            setRows(FIRST_ROWS);
          }}
        />
      </search>
      <div className={styles['line']}>
        <p role="status">
          {total === 0 ? t('window.files.nothing') : t('window.files.count', { count: total })}
        </p>
        {total > 0 && <CopyPaths wanted={wanted} total={total} />}
      </div>
      {total > 0 && (
        <LongList
          // another choice begins at its top
          key={`${text} ${filter}`}
          label={t('window.files.showOf', { what })}
          count={total}
          row={(row) => <FileRow transferId={transferId} direction={direction} file={at(row)} />}
          onRows={setRows}
        />
      )}
    </div>
  );
}

/** Of all that fit, and not only of those that are seen. */
function CopyPaths({ wanted, total }: { readonly wanted: WantedFiles; readonly total: number }) {
  const bridge = useBridge();
  const ask = useAsk();
  const [said, setSaid] = useState('');

  async function copy(): Promise<void> {
    const paths: string[] = [];
    for (let from = 0; from < total; from += MAX_FILES_A_PAGE) {
      const query = { ...wanted, from, count: MAX_FILES_A_PAGE };
      const page = await ask(bridge.call('listFiles', query));
      if (page === null) return;
      paths.push(...page.files.map(({ path, savedAs }) => savedAs ?? path));
    }
    const isCopied = copyText(paths.join('\n'));
    setSaid(t(isCopied ? 'window.files.copied' : 'window.files.notCopied'));
  }

  return (
    <div className={styles['copy']}>
      <p role="status">{said}</p>
      <Button kind="quiet" onPress={() => void copy()}>
        {t('window.files.copy')}
      </Button>
    </div>
  );
}
