import type { Transfer } from '../../../shared/model/transfer.ts';
import { t } from '../../text.tsx';
import { FileIcon, FolderIcon } from '../../ui/icons.tsx';
import { Name } from '../../ui/name.tsx';
import styles from './offered-items.module.css';

const SHOWN = 4;

/** What is offered, where the title does not say it already. */
export function OfferedItems({ offer }: { readonly offer: Transfer }) {
  const { items, itemCount } = offer;
  if (itemCount === 1 && items.length === 1) return null;
  const shown = items.slice(0, SHOWN);
  return (
    <ul className={styles['items']}>
      {shown.map(({ name, kind }) => (
        <li key={`${kind} ${name}`}>
          {kind === 'folder' ? <FolderIcon /> : <FileIcon />}
          <Name>{name}</Name>
        </li>
      ))}
      {itemCount > shown.length && (
        <li className={styles['more']}>
          {t('window.size.more', { count: itemCount - shown.length })}
        </li>
      )}
    </ul>
  );
}
