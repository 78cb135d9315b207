import type { Pictures } from './use-pictures.ts';
import styles from './picture-strip.module.css';

/** As many as there is room for in one line. */
const MOST = 12;

/** What is in the one thing that is offered. Its name and the list say it in words. */
export function PictureStrip({ pictures }: { readonly pictures: Pictures }) {
  return (
    <div className={styles['strip']} data-pictures>
      {pictures.all.slice(0, MOST).map((src, at) => (
        // by its place: two may be the same picture
        <img key={at} src={src} alt="" draggable={false} />
      ))}
    </div>
  );
}
