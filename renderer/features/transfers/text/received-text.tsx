import { useEffect, useId, useRef, useState } from 'react';
import { linkOf } from '../../../../shared/model/content.ts';
import type { Transfer } from '../../../../shared/model/transfer.ts';
import { useAsk, useBridge } from '../../../bridge.ts';
import { useLink } from '../../../snapshot.ts';
import { Words, t } from '../../../text.tsx';
import { Button } from '../../../ui/button.tsx';
import { copyText } from '../../../ui/copy-text.ts';
import { CopyIcon } from '../../../ui/icons.tsx';
import { Name } from '../../../ui/name.tsx';
import { PlainText } from '../../../ui/plain-text.tsx';
import { OpenLink } from './open-link.tsx';
import styles from './received-text.module.css';

/** A text that was received, to be read and copied; a link can be opened, and is asked about first. */
export function ReceivedText({ transfer }: { readonly transfer: Transfer }) {
  const finishedAtMs = 'finishedAtMs' in transfer ? transfer.finishedAtMs : null;
  // What has come anew is read anew, and nothing that was asked about the old one stands.
  return <Reader key={`${transfer.savedAs ?? ''} ${String(finishedAtMs)}`} transfer={transfer} />;
}

function Reader({ transfer }: { readonly transfer: Transfer }) {
  const text = useText(transfer.id);
  const [said, setSaid] = useState('');
  const name = <Name>{transfer.peer.name}</Name>;
  const id = useId();
  if (text === null) return null;
  const link = linkOf(text);
  return (
    <div className={styles['received']}>
      <span id={id} className="only-heard">
        <Words k="window.text.of" gaps={{ name }} />
      </span>
      <PlainText text={text} labelledBy={id} />
      <div className={styles['actions']}>
        <Button
          icon={<CopyIcon />}
          onPress={() =>
            setSaid(t(copyText(text) ? 'window.text.copied' : 'window.text.notCopied'))
          }
        >
          {t('window.text.copy')}
        </Button>
        {link !== null && <OpenLink transferId={transfer.id} link={link} />}
        <p role="status" className={styles['said']}>
          {said}
        </p>
      </div>
    </div>
  );
}

/** null: it is on its way, or cannot be had. What was missed while the engine could not be heard is asked for again. */
function useText(transferId: Transfer['id']): string | null {
  const bridge = useBridge();
  const ask = useRef(useAsk());
  const [text, setText] = useState<string | null>(null);
  const isHeard = useLink(bridge) === 'open';
  const isWanting = text === null;
  useEffect(() => {
    if (!isHeard || !isWanting) return undefined;
    let isWanted = true;
    void ask.current(bridge.call('readText', { transferId })).then((read) => {
      if (isWanted && read !== null) setText(read.text);
    });
    return () => {
      isWanted = false;
    };
  }, [bridge, transferId, isHeard, isWanting]);
  return text;
}
