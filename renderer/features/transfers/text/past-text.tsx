import { useId, useState } from 'react';
import type { Transfer } from '../../../../shared/model/transfer.ts';
import { itemsText, t } from '../../../text.tsx';
import { Button } from '../../../ui/button.tsx';
import { ReceivedText } from './received-text.tsx';

/** A text of the history is read when somebody wants to. */
export function PastText({ transfer }: { readonly transfer: Transfer }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div>
      <Button
        kind="quiet"
        aria-label={t('window.text.showOf', { what: itemsText(transfer) })}
        aria-expanded={isOpen}
        aria-controls={id}
        onPress={() => setOpen(!isOpen)}
      >
        {t(isOpen ? 'window.text.hide' : 'window.text.show')}
      </Button>
      <div id={id}>{isOpen && <ReceivedText transfer={transfer} />}</div>
    </div>
  );
}
