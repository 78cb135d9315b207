import { useId, useState } from 'react';
import type { Link } from '../../../../shared/model/content.ts';
import type { Transfer } from '../../../../shared/model/transfer.ts';
import { useAsk, useBridge } from '../../../bridge.ts';
import { Words, t } from '../../../text.tsx';
import { Button } from '../../../ui/button.tsx';
import styles from './open-link.module.css';

/** Leads to the browser, after a second press: whoever sent a link chose where it goes. */
export function OpenLink(props: { readonly transferId: Transfer['id']; readonly link: Link }) {
  const { transferId, link } = props;
  const [isAsking, setAsking] = useState(false);
  const [wasKept, setKept] = useState(false);
  const bridge = useBridge();
  const ask = useAsk();
  const id = useId();

  function close(): void {
    setAsking(false);
    setKept(true);
  }

  if (!isAsking) {
    return (
      // Who has left it goes on from the button that asked.
      <Button autoFocus={wasKept} onPress={() => setAsking(true)}>
        {t('window.text.open')}
      </Button>
    );
  }
  return (
    <div
      role="alertdialog"
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}more`}
      className={styles['sheet']}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // It closes the question, and not the page round it.
        event.preventDefault();
        close();
      }}
    >
      <h4 id={`${id}title`} className={styles['title']}>
        <Words k="window.text.openTitle" gaps={{ host: <bdi dir="ltr">{link.host}</bdi> }} />
      </h4>
      <div id={`${id}more`} className={styles['more']}>
        <p className={styles['url']}>
          <bdi dir="ltr">{link.href}</bdi>
        </p>
        {isForeign(link) && <p>{t('window.text.punycode')}</p>}
        {link.hasUserInfo && <p>{t('window.text.userInfo')}</p>}
      </div>
      <div className={styles['answers']}>
        <Button autoFocus onPress={close}>
          {t('window.text.openNo')}
        </Button>
        <Button
          kind="strong"
          onPress={async () => {
            close();
            await ask(bridge.call('openLink', { transferId, href: link.href }));
          }}
        >
          {t('window.text.openYes')}
        </Button>
      </div>
    </div>
  );
}

/** A host in other letters than these may look like another one. */
function isForeign({ host }: Link): boolean {
  return host.split('.').some((label) => label.startsWith('xn--'));
}
