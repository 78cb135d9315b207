import { FileIcon, FolderIcon } from '../../ui/icons.tsx';
import styles from './thing-mark.module.css';

interface ThingMarkProps {
  readonly kind: 'file' | 'folder';
  /** There is room for what it looks like. */
  readonly isRoomy: boolean;
  /** What it looks like; undefined: that is not known. */
  readonly picture: string | undefined;
}

/** Stands beside a name, which says what it is: what it looks like, or what kind it is of. */
export function ThingMark({ kind, isRoomy, picture }: ThingMarkProps) {
  return (
    <span className={styles['mark']} data-roomy={isRoomy || undefined}>
      {picture !== undefined ? (
        <img src={picture} alt="" draggable={false} />
      ) : kind === 'folder' ? (
        <FolderIcon />
      ) : (
        <FileIcon />
      )}
    </span>
  );
}
