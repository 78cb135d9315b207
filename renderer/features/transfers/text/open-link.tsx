import { useState } from 'react';
import type { Link } from '../../../../shared/model/content.ts';
import type { Transfer } from '../../../../shared/model/transfer.ts';
import { useAsk, useBridge } from '../../../bridge.ts';
import { Words, t } from '../../../text.tsx';
import { Button } from '../../../ui/button.tsx';
import { QuestionSheet } from '../../../ui/question-sheet.tsx';
import styles from './open-link.module.css';

/** Leads to the browser, after a second press: whoever sent a link chose where it goes. */
export function OpenLink(props: { readonly transferId: Transfer['id']; readonly link: Link }) {
  const { transferId, link } = props;
  const [isAsking, setAsking] = useState(false);
  const [wasKept, setKept] = useState(false);
  const bridge = useBridge();
  const ask = useAsk();

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
    <QuestionSheet
      level={4}
      title={<Words k="window.text.openTitle" gaps={{ host: <bdi dir="ltr">{link.host}</bdi> }} />}
      more={<Whither link={link} />}
      no={t('window.text.openNo')}
      yes={t('window.text.openYes')}
      onNo={close}
      onYes={async () => {
        close();
        await ask(bridge.call('openLink', { transferId, href: link.href }));
      }}
    />
  );
}

function Whither({ link }: { readonly link: Link }) {
  return (
    <div className={styles['more']}>
      <p className={styles['url']}>
        <bdi dir="ltr">{link.href}</bdi>
      </p>
      {isForeign(link) && <p>{t('window.text.punycode')}</p>}
      {link.hasUserInfo && <p>{t('window.text.userInfo')}</p>}
    </div>
  );
}

/** A host in other letters than these may look like another one. */
function isForeign({ host }: Link): boolean {
  return host.split('.').some((label) => label.startsWith('xn--'));
}
