import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { Failure } from '../../../shared/errors.ts';
import type { Finding } from '../../../shared/model/diagnosis.ts';
import { useBridge } from '../../bridge.ts';
import { failureText, findingText, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './doctor.module.css';

/** What may keep devices from seeing and reaching each other, looked at when it is opened. */
export function Doctor() {
  const [isOpen, setOpen] = useState(false);
  const examination = useExamination();

  function toggle(): void {
    setOpen(!isOpen);
    if (!isOpen) void examination.look('');
  }

  return (
    <section className={styles['doctor']} aria-label={t('window.doctor.title')}>
      <Button kind="quiet" aria-expanded={isOpen} onPress={toggle}>
        {t(isOpen ? 'window.doctor.close' : 'window.doctor.open')}
      </Button>
      {isOpen && <Panel {...examination} />}
    </section>
  );
}

function Panel({ findings, failure, isLooking, look }: Examination) {
  const [address, setAddress] = useState('');
  return (
    <div className={styles['panel']}>
      <ul className={styles['findings']} aria-busy={isLooking} aria-live="polite">
        {findings.map((finding) => (
          <FindingLine key={finding.code} finding={finding} />
        ))}
      </ul>
      <Form
        className={styles['form'] ?? ''}
        onSubmit={(event) => {
          event.preventDefault();
          void look(address.trim());
        }}
      >
        <TextField
          label={t('window.doctor.address')}
          description={t('window.doctor.addressMore')}
          value={address}
          maxLength={300}
          error={failure === null ? null : failureText(failure)}
          onChange={setAddress}
        />
        <div className={styles['actions']}>
          <Button type="submit" isPending={isLooking}>
            {t(isLooking ? 'window.doctor.checking' : 'window.doctor.again')}
          </Button>
        </div>
      </Form>
    </div>
  );
}

function FindingLine({ finding }: { readonly finding: Finding }) {
  const { happened, next } = findingText(finding);
  return (
    <li className={styles['finding']} data-level={finding.level} data-finding={finding.code}>
      <span className={styles['level']}>{t(`window.doctor.${finding.level}`)}</span>
      <span className={styles['words']}>
        {happened}
        {next !== null && (
          <>
            {t('join.sentence')}
            <span className={styles['next']}>{next}</span>
          </>
        )}
      </span>
    </li>
  );
}

interface Examination {
  readonly findings: readonly Finding[];
  readonly failure: Failure | null;
  readonly isLooking: boolean;
  readonly look: (address: string) => Promise<void>;
}

function useExamination(): Examination {
  const bridge = useBridge();
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isLooking, setLooking] = useState(false);

  async function look(address: string): Promise<void> {
    setLooking(true);
    const answer = await bridge.call('examine', { address: address === '' ? null : address });
    setLooking(false);
    setFailure(answer.ok ? null : answer.failure);
    if (answer.ok) setFindings(answer.value);
  }

  return { findings, failure, isLooking, look };
}
