import type { Content } from '../../../../shared/model/content.ts';
import { LinkIcon, TextIcon } from '../../../ui/icons.tsx';
import styles from './content-icon.module.css';

/** Before the name of what is no file to people. */
export function ContentIcon({ content }: { readonly content: Content | undefined }) {
  if (content === undefined) return null;
  return <span className={styles['icon']}>{content === 'link' ? <LinkIcon /> : <TextIcon />}</span>;
}
