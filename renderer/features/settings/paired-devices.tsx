import { useId, useState } from 'react';
import type { PairedDevice } from '../../../shared/model/pairing.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { Words, moment, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { Name, shownName } from '../../ui/name.tsx';
import { AcceptRule } from './accept-rule.tsx';
import styles from './paired-devices.module.css';

/** The devices that are known by their keys, and a way to make strangers of them again. */
export function PairedDevices() {
  const paired = usePart('paired');
  const titleId = useId();
  return (
    <section className={styles['devices']} aria-labelledby={titleId}>
      <h4 id={titleId}>{t('window.settings.paired')}</h4>
      <p className={styles['more']}>
        {t(paired.length === 0 ? 'window.settings.pairedNone' : 'window.settings.pairedMore')}
      </p>
      {paired.length > 0 && (
        <ul aria-labelledby={titleId}>
          {paired.map((device) => (
            <Device key={device.id} device={device} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Device({ device }: { readonly device: PairedDevice }) {
  const bridge = useBridge();
  const ask = useAsk();
  const [isAsking, setAsking] = useState(false);
  const [wasKept, setKept] = useState(false);
  const name = shownName(device.name);

  function keep(): void {
    setAsking(false);
    setKept(true);
  }

  return (
    <li className={styles['device']}>
      <div>
        <p className={styles['name']}>
          <Name>{device.name}</Name>
        </p>
        <p className={styles['more']}>
          {t('window.settings.pairedSince', { when: moment(device.pairedAtMs) })} ·{' '}
          <bdi className={styles['id']}>{device.id.slice(0, 12)}</bdi>
        </p>
      </div>
      {isAsking ? (
        <div
          role="alertdialog"
          aria-label={t('window.settings.forgetOf', { name })}
          className={styles['question']}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            // It closes the question, and not the page round it.
            event.preventDefault();
            keep();
          }}
        >
          <p>
            <Words k="window.settings.forgetAsk" gaps={{ name: <Name>{device.name}</Name> }} />
          </p>
          <Button autoFocus onPress={keep}>
            {t('window.settings.forgetNo')}
          </Button>
          <Button
            kind="strong"
            onPress={() => void ask(bridge.call('forget', { peerId: device.id }))}
          >
            {t('window.settings.forget')}
          </Button>
        </div>
      ) : (
        <Button
          kind="quiet"
          // Who has kept it goes on from the button that asked.
          autoFocus={wasKept}
          aria-label={t('window.settings.forgetOf', { name })}
          onPress={() => setAsking(true)}
        >
          {t('window.settings.forget')}
        </Button>
      )}
      <AcceptRule device={device} />
    </li>
  );
}
