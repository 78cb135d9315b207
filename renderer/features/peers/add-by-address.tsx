import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { Failure } from '../../../shared/errors.ts';
import { useBridge } from '../../bridge.ts';
import { failureText, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './add-by-address.module.css';

/** For a device that does not show up by itself. */
export function AddByAddress() {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen) {
    return (
      <Button kind="quiet" icon={<PlusIcon />} onPress={() => setOpen(true)}>
        {t('window.address.open')}
      </Button>
    );
  }
  return <AddressForm onClose={() => setOpen(false)} />;
}

function AddressForm({ onClose }: { readonly onClose: () => void }) {
  const bridge = useBridge();
  const [address, setAddress] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isAsking, setAsking] = useState(false);

  async function add(): Promise<void> {
    const wanted = address.trim();
    if (wanted === '' || isAsking) return;
    setAsking(true);
    const answer = await bridge.call('addPeer', { address: wanted });
    setAsking(false);
    if (answer.ok) onClose();
    else setFailure(answer.failure);
  }

  return (
    <Form
      className={styles['form'] ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <TextField
        label={t('window.address.label')}
        description={t('window.address.example')}
        value={address}
        maxLength={300}
        isFocusedAtFirst
        error={failure === null ? null : failureText(failure)}
        onChange={(value) => {
          setAddress(value);
          setFailure(null);
        }}
        onEscape={onClose}
      />
      <div className={styles['actions']}>
        <Button kind="quiet" onPress={onClose}>
          {t('window.address.close')}
        </Button>
        <Button kind="strong" type="submit" isPending={isAsking}>
          {t('window.address.add')}
        </Button>
      </div>
    </Form>
  );
}
