import type { ReactNode } from 'react';
import type { ExistingChoices, ExistingItem, Plan } from '../../../shared/model/plan.ts';
import { choiceFor } from '../../../shared/model/plan.ts';
import { Words, bytes, t } from '../../text.tsx';
import { FileIcon, FolderIcon } from '../../ui/icons.tsx';
import { Name, shownName } from '../../ui/name.tsx';
import { ExistingChoiceField } from './existing-choice.tsx';
import styles from './plan-details.module.css';

interface PlanDetailsProps {
  readonly plan: Plan;
  readonly choices: ExistingChoices;
  readonly onChoose: (choices: ExistingChoices) => void;
}

/** What is there already, what will be called otherwise, and what cannot be saved there at all. */
export function PlanDetails({ plan, choices, onChoose }: PlanDetailsProps) {
  const { existing, renamed, tooBig } = plan;
  return (
    <>
      {existing.count > 0 && (
        <Part title={t('window.plan.existingTitle')} all={existing.count} shown={existing.items}>
          <p>{t(`window.existing.${choices.forAll}More`)}</p>
          <ul>
            {existing.items.map((item) => (
              <li key={item.name} className={styles['item']}>
                {item.kind === 'folder' ? <FolderIcon /> : <FileIcon />}
                <Name>{item.name}</Name>
                <span className={styles['soft']}>{itemWords(item)}</span>
                {existing.count > 1 && (
                  <ExistingChoiceField
                    label={t('window.plan.choiceOf', { name: shownName(item.name) })}
                    isLabelHidden
                    value={choiceFor(choices, item.name)}
                    onChange={(choice) =>
                      onChoose({ ...choices, items: { ...choices.items, [item.name]: choice } })
                    }
                  />
                )}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {renamed.count > 0 && (
        <Part title={t('window.plan.renamedTitle')} all={renamed.count} shown={renamed.examples}>
          <ul>
            {renamed.examples.map(({ from, to }) => (
              <li key={from}>
                <Words
                  k="window.plan.renamedTo"
                  gaps={{ from: <Name>{from}</Name>, to: <Name>{to}</Name> }}
                />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {tooBig.count > 0 && (
        <Part title={t('window.plan.tooBigTitle')} all={tooBig.count} shown={tooBig.examples}>
          <p>{t('window.plan.tooBigMore', { limit: bytes(tooBig.limitBytes ?? 0) })}</p>
          <ul>
            {tooBig.examples.map((path) => (
              <li key={path}>
                <Name>{path}</Name>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

interface PartProps {
  readonly title: string;
  readonly all: number;
  readonly shown: readonly unknown[];
  readonly children: ReactNode;
}

function Part({ title, all, shown, children }: PartProps) {
  const left = all - shown.length;
  return (
    <section className={styles['part']}>
      <h3>{title}</h3>
      {children}
      {left > 0 && <p className={styles['soft']}>{t('window.size.more', { count: left })}</p>}
    </section>
  );
}

function itemWords({ kind, sameSizeAndTime, differs }: ExistingItem): string {
  if (kind === 'file') return t(differs > 0 ? 'window.plan.fileDiffers' : 'window.plan.fileSame');
  const said = [];
  if (sameSizeAndTime > 0) said.push(t('window.plan.itemSame', { count: sameSizeAndTime }));
  if (differs > 0) said.push(t('window.plan.itemDiffers', { count: differs }));
  return said.length > 0 ? said.join(' · ') : t('window.plan.itemOnlyName');
}
