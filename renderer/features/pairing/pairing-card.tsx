import { useId, useState } from 'react';
import type { Pairing, PairingAnswer } from '../../../shared/model/pairing.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { Words, t } from '../../text.tsx';
import { useArmed } from '../../ui/arming.ts';
import { Button } from '../../ui/button.tsx';
import { Name, shownName } from '../../ui/name.tsx';
import styles from './pairing.module.css';

/**
 * One code, and the question whether the other screen shows the same. It takes no focus: whoever is
 * typing goes on typing, and nothing that is pressed by chance says that two codes match.
 */
export function PairingCard({ pairing }: { readonly pairing: Pairing }) {
  const { phase, code } = pairing;
  const titleId = useId();
  const name = <Name>{pairing.name}</Name>;
  return (
    <div
      role="dialog"
      aria-modal="false"
      aria-labelledby={titleId}
      className={styles['card']}
      data-pairing={phase}
    >
      <h2 id={titleId} className={styles['title']}>
        <Words
          k={code === null ? 'window.pairing.connecting' : 'window.pairing.title'}
          gaps={{ name }}
        />
      </h2>
      <Impostor pairing={pairing} />
      {code !== null && <Code code={code} />}
      <State pairing={pairing} />
      <Answers pairing={pairing} />
    </div>
  );
}

/** The longest is the measure: the answers stay where they are when the other side gives its own. */
const WHILE_ANSWERING = ['comparing', 'matchedThere'] as const;

function mayAnswer({ phase }: Pairing): boolean {
  return phase === 'comparing' || phase === 'matchedThere';
}

function State({ pairing }: { readonly pairing: Pairing }) {
  const name = <Name>{pairing.name}</Name>;
  return (
    <div className={styles['state']}>
      <p role="status">
        <Words k={`window.pairing.state.${pairing.phase}`} gaps={{ name }} />
      </p>
      {mayAnswer(pairing) &&
        WHILE_ANSWERING.map((phase) => (
          <p key={phase} aria-hidden="true" className={styles['measure']}>
            <Words k={`window.pairing.state.${phase}`} gaps={{ name }} />
          </p>
        ))}
    </div>
  );
}

/** Digits are read out one by one: as a number nobody could compare them. */
function Code({ code }: { readonly code: string }) {
  const digits = code.replaceAll(' ', '');
  return (
    <p className={styles['code']}>
      <bdi aria-hidden="true">{code}</bdi>
      <span className="only-heard">{digits.split(/(?=\d)/).join(' ')}</span>
    </p>
  );
}

function Impostor({ pairing: { calledLike } }: { readonly pairing: Pairing }) {
  const paired = usePart('paired');
  const device = paired.find(({ id }) => id === calledLike);
  if (device === undefined) return null;
  return (
    <p className={styles['impostor']}>
      <Words k="window.pairing.calledLike" gaps={{ name: <Name>{device.name}</Name> }} />
    </p>
  );
}

function Answers({ pairing }: { readonly pairing: Pairing }) {
  const { pairingId, phase } = pairing;
  const bridge = useBridge();
  const ask = useAsk();
  const isOpen = mayAnswer(pairing);
  // A code that has just come is not answered by a stray click; what the other side says moves nothing.
  const isArmed = useArmed(`${pairingId} ${isOpen ? 'open' : phase}`);
  const [isAnswering, setAnswering] = useState(false);

  async function answer(said: PairingAnswer): Promise<void> {
    if (!isArmed || isAnswering) return;
    setAnswering(true);
    await ask(bridge.call('answerPairing', { pairingId, answer: said }));
    setAnswering(false);
  }

  const words = t(isOpen ? 'window.pairing.later' : 'window.pairing.stop');
  const shared = { isArming: !isArmed || isAnswering };
  return (
    <div className={styles['answers']}>
      {phase !== 'confirming' && (
        <Button
          {...shared}
          aria-label={t('join.reason', {
            what: words,
            reason: t('window.pairing.announce', { name: shownName(pairing.name) }),
          })}
          onPress={() => answer('later')}
        >
          {words}
        </Button>
      )}
      {isOpen && (
        <>
          <Button {...shared} onPress={() => answer('mismatch')}>
            {t('window.pairing.mismatch')}
          </Button>
          <Button kind="strong" {...shared} onPress={() => answer('match')}>
            {t('window.pairing.match')}
          </Button>
        </>
      )}
    </div>
  );
}
