import { useState } from 'react';
import type { Folder } from '../../../shared/contract.ts';
import type { PairedDevice } from '../../../shared/model/pairing.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { Words, bytes, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { Name, shownName } from '../../ui/name.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './paired-devices.module.css';

const MEGABYTE = 1_000_000;
const SIZES = [100 * MEGABYTE, 1_000 * MEGABYTE, 10_000 * MEGABYTE];

/** What one paired device may send without a question, and where that goes. */
export function AcceptRule({ device }: { readonly device: PairedDevice }) {
  const { id: peerId, rule } = device;
  const bridge = useBridge();
  const ask = useAsk();
  const now = rule === null ? 'ask' : String(rule.maxBytes ?? 'any');
  const own = rule?.maxBytes ?? null;
  const sizes = own === null ? SIZES : [...new Set([...SIZES, own])];
  const options = [
    { value: 'ask', words: t('window.settings.acceptAsk') },
    ...sizes.map((size) => ({
      value: String(size),
      words: t('window.settings.acceptUpTo', { size: bytes(size) }),
    })),
    { value: 'any', words: t('window.settings.acceptAny') },
  ];

  async function choose(value: string): Promise<void> {
    const accept = value === 'ask' ? null : { maxBytes: value === 'any' ? null : Number(value) };
    await ask(bridge.call('setAccept', { peerId, accept }));
  }

  return (
    <div className={styles['rule']}>
      <SelectField
        label={t('window.settings.acceptOf', { name: shownName(device.name) })}
        value={now}
        options={options}
        description={t(
          rule === null ? 'window.settings.acceptAskMore' : 'window.settings.acceptMore',
        )}
        onChange={choose}
      />
      {rule !== null && <RuleFolder device={device} />}
    </div>
  );
}

function RuleFolder({ device: { id: peerId, rule } }: { readonly device: PairedDevice }) {
  const self = usePart('self');
  const bridge = useBridge();
  const ask = useAsk();
  const [path, setPath] = useState<string | null>(null);
  const { folders } = bridge;

  async function take(folder: Folder | null): Promise<void> {
    if (folder === null) return;
    setPath(null);
    await ask(bridge.call('setAcceptFolder', { peerId, folderId: folder.folderId }));
  }

  async function change(): Promise<void> {
    if (folders.by === 'name') setPath(rule?.directory ?? self.directory);
    else await take(await ask(folders.choose()));
  }

  if (path !== null && folders.by === 'name') {
    return (
      <form
        className={styles['question']}
        onSubmit={(event) => {
          event.preventDefault();
          void ask(folders.name(path.trim())).then(take);
        }}
      >
        <TextField
          label={t('window.settings.acceptFolder')}
          value={path}
          isFocusedAtFirst
          error={null}
          onChange={setPath}
          onEscape={() => setPath(null)}
        />
        <Button type="submit">{t('window.settings.use')}</Button>
      </form>
    );
  }
  return (
    <div className={styles['question']}>
      <p className={styles['more']}>
        <Words
          k="window.offer.saveIn"
          gaps={{ path: <Name>{rule?.directory ?? self.directory}</Name> }}
        />
      </p>
      <Button
        kind="quiet"
        aria-label={`${t('window.settings.change')} ${t('window.settings.acceptFolder')}`}
        onPress={change}
      >
        {t('window.settings.change')}
      </Button>
      {rule !== null && rule.directory !== null && (
        <Button
          kind="quiet"
          onPress={() => void ask(bridge.call('setAcceptFolder', { peerId, folderId: null }))}
        >
          {t('window.settings.acceptUsual')}
        </Button>
      )}
    </div>
  );
}
