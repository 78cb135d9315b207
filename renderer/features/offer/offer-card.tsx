import { useEffect, useId, useRef, useState } from 'react';
import type { Folder } from '../../../shared/contract.ts';
import type { ExistingChoices, Plan } from '../../../shared/model/plan.ts';
import { bytesToWrite, choiceFor, hasDetails, missingBytes } from '../../../shared/model/plan.ts';
import type { Transfer } from '../../../shared/model/transfer.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { usePart } from '../../snapshot.ts';
import { Words, bytes, t } from '../../text.tsx';
import { Name } from '../../ui/name.tsx';
import { useArmed } from '../../ui/arming.ts';
import { AnswerButtons } from './answer-buttons.tsx';
import { ExistingChoiceField } from './existing-choice.tsx';
import { NameBadges } from './name-badges.tsx';
import { mayTakeFocus } from './offer-focus.ts';
import { OfferedItems } from './offered-items.tsx';
import { PlaceLine } from './place-line.tsx';
import { PlanFacts } from './plan-facts.tsx';
import { SaveToForm } from './save-to-form.tsx';
import { useChoice } from './use-choice.ts';
import { usePlan } from './use-plan.ts';
import styles from './offer-card.module.css';

interface OfferCardProps {
  readonly offer: Transfer;
  /** Which one from the top: it has moved when this changes. */
  readonly place: number;
  readonly onFocusTaken: (from: Element | null) => void;
}

/** One offer: who, what, how much, where to, and the answer. It blocks nothing else in the window. */
export function OfferCard({ offer, place, onFocusTaken }: OfferCardProps) {
  const self = usePart('self');
  const settings = usePart('settings');
  const bridge = useBridge();
  const ask = useAsk();
  const titleId = useId();
  const card = useRef<HTMLDivElement>(null);
  const [folder, setFolder] = useState<Folder | null>(null);
  const [chosen, setChosen] = useState<ExistingChoices | null>(null);
  const [isNaming, setNaming] = useState(false);
  const chosenOf = useChoice(offer);
  const { rules: choice, unwantedFiles } = chosenOf;
  const { plan, look } = usePlan(offer, folder, { choice, unwantedFiles });
  const choices = chosen ?? { forAll: settings.existing, items: {} };
  const lackBytes = plan === null ? 0 : missingBytes(plan, bytesToWrite(plan, choices));
  // News of what accepting would do is read before it is answered.
  const news = plan !== null && (hasDetails(plan) || !plan.fits) ? plan.directory : '';
  const names = offer.items.map(({ name }) => name);
  const isArmed = useArmed(JSON.stringify([place, news, offer.content, names]));
  const [isAnswering, setAnswering] = useState(false);

  useEffect(() => {
    const from = document.activeElement;
    if (!mayTakeFocus(from)) return;
    onFocusTaken(from);
    card.current?.querySelector<HTMLElement>('[data-decline]')?.focus();
    // Only when it comes: the focus is never taken twice.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => {
    if (!isNaming) return undefined;
    const prompt = card.current;
    // Where the folder was typed, the focus goes back to what was pressed for it.
    return () => prompt?.querySelector<HTMLElement>('[data-save-to]')?.focus();
  }, [isNaming]);

  async function answer(accept: boolean): Promise<void> {
    if (!isArmed || isAnswering) return;
    setAnswering(true);
    const folderId = folder?.folderId ?? null;
    const existing = { ...choices, items: shownChoices(choices, plan) };
    await ask(bridge.call('answer', { transferId: offer.id, accept, folderId, existing, choice }));
    setAnswering(false);
  }

  async function block(peerId: Transfer['peer']['id']): Promise<void> {
    if (!isArmed || peerId === null) return;
    await ask(bridge.call('block', { peerId, remember: false }));
  }

  async function saveTo(): Promise<void> {
    if (!isArmed) return;
    const { folders } = bridge;
    if (folders.by === 'name') {
      setNaming(true);
      return;
    }
    const picked = await ask(folders.choose());
    if (picked !== null) setFolder(picked);
  }

  return (
    <div
      ref={card}
      role="dialog"
      aria-modal="false"
      aria-labelledby={titleId}
      className={styles['card']}
      data-offer={offer.id}
    >
      <h2 id={titleId} className={styles['title']}>
        <Title offer={offer} />
      </h2>
      <Sender offer={offer} />
      <Impostor offer={offer} />
      {offer.content === undefined && <OfferedItems offer={offer} {...chosenOf} />}
      <Totals offer={offer} />
      {isNaming && bridge.folders.by === 'name' ? (
        <SaveToForm
          name={bridge.folders.name}
          example={folder?.path ?? self.directory}
          onNamed={(named) => {
            setFolder(named);
            setNaming(false);
          }}
          onBack={() => setNaming(false)}
        />
      ) : (
        <>
          {offer.content !== undefined ? (
            <p className={styles['more']}>{t('window.offer.textMore')}</p>
          ) : (
            <div className={styles['facts']}>
              <PlaceLine
                directory={folder?.path ?? self.directory}
                lack={plan === null || lackBytes === 0 ? null : { plan, missingBytes: lackBytes }}
                onLook={() => void look()}
              />
              {offer.mode === 'tls' && (
                <PlanFacts plan={plan} choices={choices} onChoose={setChosen} />
              )}
            </div>
          )}
          <AnswerButtons
            isArmed={isArmed && !isAnswering}
            isStranger={!offer.peer.verified}
            isRefused={lackBytes > 0 || chosenOf.isNothing}
            acceptWords={chosenOf.acceptWords}
            choice={
              plan !== null &&
              plan.existing.count > 0 && (
                <ExistingChoiceField
                  label={t('window.plan.choice')}
                  value={choices.forAll}
                  onChange={(forAll) => setChosen({ forAll, items: {} })}
                />
              )
            }
            onAccept={() => answer(true)}
            onDecline={() => answer(false)}
            onSaveTo={offer.content === undefined ? saveTo : null}
            onBlock={offer.peer.id === null ? null : () => void block(offer.peer.id)}
          />
        </>
      )}
    </div>
  );
}

/** Only what a person has seen to be there is chosen for by its name. */
function shownChoices(choices: ExistingChoices, plan: Plan | null): ExistingChoices['items'] {
  const items = plan?.existing.items ?? [];
  const chosen = items.map(({ name }) => [name, choiceFor(choices, name)] as const);
  return Object.fromEntries(chosen.filter(([, choice]) => choice !== choices.forAll));
}

function Title({ offer }: { readonly offer: Transfer }) {
  const name = <Name>{offer.peer.name}</Name>;
  const [only] = offer.items;
  if (offer.content !== undefined) {
    return <Words k={`window.offer.${offer.content}`} gaps={{ name }} />;
  }
  if (offer.itemCount !== 1 || only === undefined) {
    return <Words k="window.offer.items" count={offer.itemCount} gaps={{ name }} />;
  }
  const what = <Name>{only.name}</Name>;
  return <Words k={`window.offer.${only.kind}`} gaps={{ name, what }} />;
}

/** A known name with another key: a stranger, whatever it calls itself. */
function Impostor({ offer: { peer } }: { readonly offer: Transfer }) {
  const paired = usePart('paired');
  const device = paired.find(({ id }) => id === peer.calledLike);
  if (device === undefined) return null;
  return (
    <p className={styles['impostor']}>
      <Words k="window.offer.calledLike" gaps={{ name: <Name>{device.name}</Name> }} />
    </p>
  );
}

const SHORT_ID = /^(.{4})(.{4})(.{4}).*$/;

function Sender({ offer: { peer, mode } }: { readonly offer: Transfer }) {
  return (
    <p className={styles['sender']}>
      {mode === 'plain' ? (
        <span className={styles['stranger']}>{t('window.plain.mark')}</span>
      ) : peer.verified ? (
        <span className={styles['known']}>{t('window.offer.verified')}</span>
      ) : (
        <span className={styles['stranger']} title={t('window.offer.notVerifiedMore')}>
          {t('window.offer.notVerified')}
        </span>
      )}
      {peer.id !== null && (
        <span>
          <Words
            k="window.offer.id"
            gaps={{
              id: <bdi className={styles['id']}>{peer.id.replace(SHORT_ID, '$1 $2 $3')}</bdi>,
            }}
          />
        </span>
      )}
      <span>{t('window.offer.at', { address: peer.address })}</span>
    </p>
  );
}

/** Of one file the kind stands here, as the title has its name. */
function Totals({ offer }: { readonly offer: Transfer }) {
  const { items, itemCount, content } = offer;
  const [only] = itemCount === 1 && content === undefined ? items : [];
  return (
    <p className={styles['totals']}>
      {only && <NameBadges item={only} />}
      <span>{totalsText(offer)}</span>
    </p>
  );
}

function totalsText({ totals, mode, content }: Transfer): string {
  if (content !== undefined) return bytes(totals.bytes);
  const said = [t('window.size.files', { count: totals.files })];
  if (totals.directories > 0) said.push(t('window.size.folders', { count: totals.directories }));
  // The bare exchange tells no size.
  if (mode === 'tls' || totals.bytes > 0) said.push(bytes(totals.bytes));
  return said.join(' · ');
}
