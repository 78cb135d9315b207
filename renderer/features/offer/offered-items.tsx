import type { Transfer } from '../../../shared/model/transfer.ts';
import { t } from '../../text.tsx';
import { FileIcon, FolderIcon } from '../../ui/icons.tsx';
import { Name } from '../../ui/name.tsx';
import { NameBadges } from './name-badges.tsx';
import styles from './offered-items.module.css';

const SHOWN = 4;

/** What is offered; the title has the name already where it is one thing. */
export function OfferedItems({ offer }: { readonly offer: Transfer }) {
  const { items, itemCount } = offer;
  const [only] = items;
  if (itemCount === 1 && only !== undefined) return <NameBadges item={only} />;
  const shown = items.slice(0, SHOWN);
  return (
    <ul className={styles['items']}>
      {shown.map(({ name, kind }) => (
        <li key={`${kind} ${name}`}>
          {kind === 'folder' ? <FolderIcon /> : <FileIcon />}
          <Name>{name}</Name>
          <NameBadges item={{ name, kind }} />
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
