import { useState } from 'react';
import { MAX_TEXT_BYTES, contentOf, textBytes } from '../../../shared/model/content.ts';
import { usePart } from '../../snapshot.ts';
import { Words, bytes, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { Name } from '../../ui/name.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import type { Staging } from './staging.ts';
import styles from './send-bar.module.css';

/** From here on it is said how much there is room for. */
const SAID_FROM_BYTES = MAX_TEXT_BYTES / 2;

/** A small sheet of paper: what is written on it goes as a text, or as a link. */
export function TextEditor({ staging }: { readonly staging: Staging }) {
  const peers = usePart('peers');
  const [text, setText] = useState('');
  const { state } = staging;
  const to = state.step === 'writing' ? state.peerKey : null;
  const peer = peers.find(({ key }) => key === to);
  const canGo = contentOf(text) !== null && (to === null || peer !== undefined);
  const done = (): void => {
    if (canGo) staging.written(text);
  };
  const tooMuchBytes = textBytes(text) - MAX_TEXT_BYTES;
  return (
    <form
      className={styles['editor']}
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <TextArea
        label={t('window.send.textLabel')}
        value={text}
        description={description(tooMuchBytes)}
        isInvalid={tooMuchBytes > 0}
        onChange={setText}
        onDone={done}
        onEscape={() => staging.putBack()}
      />
      <div className={styles['answers']}>
        <Button kind="quiet" onPress={() => staging.putBack()}>
          {t('window.send.textBack')}
        </Button>
        <Button kind="strong" type="submit" isDisabled={!canGo}>
          {peer === undefined ? (
            t('window.send.textNext')
          ) : (
            <Words k="window.send.textSend" gaps={{ name: <Name>{peer.name}</Name> }} />
          )}
        </Button>
      </div>
    </form>
  );
}

function description(tooMuchBytes: number): string {
  if (tooMuchBytes > 0) return t('window.send.textTooLong', { over: bytes(tooMuchBytes) });
  const more = t('window.send.textMore');
  if (-tooMuchBytes > MAX_TEXT_BYTES - SAID_FROM_BYTES) return more;
  return `${more} ${t('window.send.textLeft', { left: bytes(-tooMuchBytes) })}`;
}
