import { nameFacts } from '../../../shared/model/name-facts.ts';
import type { Item } from '../../../shared/model/transfer.ts';
import { t } from '../../text.tsx';
import { Name } from '../../ui/name.tsx';
import styles from './name-badges.module.css';

/** The kind of a thing by itself, where no name can push it out of sight, and what is odd about its name. */
export function NameBadges({ item }: { readonly item: Item }) {
  const { extension, warnings } = nameFacts(item);
  if (extension === '' && warnings.length === 0) return null;
  return (
    <span className={styles['badges']} data-badges="">
      {extension !== '' && (
        <span className={styles['extension']}>
          <Name>{extension}</Name>
        </span>
      )}
      {warnings.map((warning) => (
        <span key={warning} className={styles['warning']} title={t(`window.names.${warning}.more`)}>
          {t(`window.names.${warning}.badge`)}
        </span>
      ))}
    </span>
  );
}
