import type { CountedChoice } from '../../../shared/model/choice.ts';
import { isNothing, wantedOf, withRule } from '../../../shared/model/choice.ts';
import { bytes, t } from '../../text.tsx';
import type { Checked, LongTreeRow } from '../../ui/long-tree.tsx';
import { LongTree } from '../../ui/long-tree.tsx';
import { Name, shownName } from '../../ui/name.tsx';
import { NameBadges } from './name-badges.tsx';
import { ThingMark } from './thing-mark.tsx';
import type { TreeRow } from './tree-rows.ts';
import type { Offered } from './use-offered.ts';
import type { Pictures } from './use-pictures.ts';
import styles from './offer-tree.module.css';

interface OfferTreeProps {
  readonly offered: Offered;
  readonly choice: CountedChoice;
  readonly onChoose: (choice: CountedChoice) => void;
  readonly pictures: Pictures;
}

/** What is offered, folder by folder; what is checked is what is wanted of it. */
export function OfferTree({ offered, choice, onChoose, pictures }: OfferTreeProps) {
  const { all } = offered;
  if (all === null) return null;
  const some = wantedOf(choice, [], all);

  function check(at: number): void {
    const row = offered.row(at);
    const held = row?.thing;
    if (!row || !held) return;
    const path = [...row.branch.path, held.name];
    const wanted = checkedOf(choice, row) !== true;
    onChoose(withRule(choice, { path, wanted, held }));
  }

  return (
    <div className={styles['tree']}>
      <LongTree
        label={t('window.offer.tree')}
        count={offered.count}
        row={(at) => drawn(offered.row(at), choice, pictures)}
        onRows={offered.onRows}
        onCheck={check}
        onOpen={offered.turn}
      />
      <p className={styles['chosen']} role="status">
        {isNothing(some)
          ? t('window.offer.choseNone')
          : t('window.offer.chosen', { some: some.files, all: all.files, size: bytes(some.bytes) })}
      </p>
    </div>
  );
}

/** `mixed`: some of what is in it. */
function checkedOf(choice: CountedChoice, { branch, thing }: TreeRow): Checked {
  if (!thing) return false;
  const some = wantedOf(choice, [...branch.path, thing.name], thing);
  if (isNothing(some)) return false;
  const isAll = some.files === thing.files && some.emptyFolders === thing.emptyFolders;
  return isAll ? true : 'mixed';
}

function drawn(row: TreeRow | null, choice: CountedChoice, pictures: Pictures): LongTreeRow | null {
  const thing = row?.thing;
  if (!row || !thing) return null;
  const { name, kind, files, children } = thing;
  return {
    level: row.level,
    position: row.place + 1,
    siblings: row.branch.total,
    isOpen: kind === 'folder' && children > 0 ? row.isOpen : null,
    checked: checkedOf(choice, row),
    parent: row.parent,
    content: (
      <>
        <ThingMark
          kind={kind}
          isRoomy={pictures.isShown}
          picture={pictures.of([...row.branch.path, name])}
        />
        <span className={styles['what']}>
          <span className={styles['name']} title={shownName(name)}>
            <Name>{name}</Name>
          </span>
          <NameBadges item={{ name, kind }} />
          <span className={styles['size']}>
            {kind === 'folder' && <span>{t('window.size.files', { count: files })}</span>}
            <span>{bytes(thing.bytes)}</span>
          </span>
        </span>
      </>
    ),
  };
}
