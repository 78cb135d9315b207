import { useId } from 'react';
import type { CountedChoice } from '../../../shared/model/choice.ts';
import type { Transfer } from '../../../shared/model/transfer.ts';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { OpensIcon, PictureIcon } from '../../ui/icons.tsx';
import { Name } from '../../ui/name.tsx';
import { NameBadges } from './name-badges.tsx';
import { OfferTree } from './offer-tree.tsx';
import { PictureStrip } from './picture-strip.tsx';
import { ThingMark } from './thing-mark.tsx';
import type { Offered } from './use-offered.ts';
import type { Pictures } from './use-pictures.ts';
import { usePictures } from './use-pictures.ts';
import styles from './offered-items.module.css';

const SHOWN = 4;

interface OfferedItemsProps {
  readonly offer: Transfer;
  readonly choice: CountedChoice;
  readonly onChoose: (choice: CountedChoice) => void;
  readonly offered: Offered;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

/** What is offered, and on demand all of it, to choose from. */
export function OfferedItems(props: OfferedItemsProps) {
  const { offer, isOpen, onOpen } = props;
  const treeId = useId();
  const pictures = usePictures(offer);
  return (
    <>
      {!isOpen && <FirstItems offer={offer} pictures={pictures} />}
      <ShowPictures pictures={pictures} />
      {canChoose(offer) && (
        <div className={styles['choose']}>
          <Button
            kind="quiet"
            icon={<OpensIcon />}
            aria-expanded={isOpen}
            aria-controls={treeId}
            onPress={() => onOpen(!isOpen)}
          >
            {t('window.offer.choose')}
          </Button>
          <div id={treeId}>{isOpen && <OfferTree {...props} pictures={pictures} />}</div>
        </div>
      )}
    </>
  );
}

/** Of one file there is nothing to choose, and the bare exchange tells of no more than a name. */
function canChoose({ mode, content, totals }: Transfer): boolean {
  return mode === 'tls' && content === undefined && totals.files + totals.directories > 1;
}

/** A stranger's pictures are seen by those alone who want to. */
function ShowPictures({ pictures: { offered, isShown, onShow } }: { readonly pictures: Pictures }) {
  if (onShow === null) return null;
  return (
    <div className={styles['choose']} data-show-pictures>
      <Button kind="quiet" icon={<PictureIcon />} onPress={() => onShow(!isShown)}>
        {isShown
          ? t('window.offer.hidePictures')
          : t('window.offer.showPictures', { count: offered })}
      </Button>
    </div>
  );
}

interface FirstItemsProps {
  readonly offer: Transfer;
  readonly pictures: Pictures;
}

/** Where it is one thing the title has its name. */
function FirstItems({ offer, pictures }: FirstItemsProps) {
  const { items, itemCount } = offer;
  if (itemCount === 1) return pictures.isShown ? <PictureStrip pictures={pictures} /> : null;
  const shown = items.slice(0, SHOWN);
  return (
    <ul className={styles['items']}>
      {shown.map(({ name, kind }) => (
        <li key={`${kind} ${name}`}>
          <ThingMark kind={kind} isRoomy={pictures.isShown} picture={pictures.of([name])} />
          <span className={styles['called']}>
            <Name>{name}</Name>
            <NameBadges item={{ name, kind }} />
          </span>
        </li>
      ))}
      {itemCount > shown.length && (
        <li className={styles['more']}>
          {t('window.size.more', { count: itemCount - shown.length })}
        </li>
      )}
    </ul>
  );
}
