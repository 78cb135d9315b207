import { shownText } from './name.tsx';
import styles from './plain-text.module.css';

/**
 * A text from another person, and nothing but a text: no markup, no link, its own direction, and nothing
 * in it that steers or hides. However long it is, it takes no more than its place, and scrolls there.
 */
export function PlainText({
  text,
  labelledBy,
}: {
  readonly text: string;
  readonly labelledBy: string;
}) {
  return (
    <div
      className={styles['text']}
      // not a region: there may be many of one name
      role="group"
      aria-labelledby={labelledBy}
      dir="auto"
      // It is scrolled by keys, and selected.
      tabIndex={0}
    >
      {shownText(text)}
    </div>
  );
}
