import { createInstance } from 'i18next';
import type { Pairing } from '../../shared/model/pairing.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { cleanDeviceName } from '../../shared/protocol/device-name.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import type { KeysUnder } from '../../shared/text/text-keys.ts';

/** The words of what the main process says itself: notifications, dialogs and the menu. */

const i18n = createInstance();
void i18n.init({
  // Everything is at hand: the words are there as soon as this module is.
  initAsync: false,
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
});

export function word(key: KeysUnder<'desktop'>): string {
  return i18n.t(key);
}

/** What a notice says. Names in it come from another computer. */
export interface NoticeWords {
  readonly title: string;
  readonly body: string;
}

export function offerWords(offer: Transfer): NoticeWords {
  const first = offer.items[0];
  const what =
    offer.itemCount === 1 && first !== undefined
      ? foreign(first.name)
      : i18n.t('desktop.offerItems', { count: offer.itemCount });
  const size = bytes(offer.totals.bytes);
  return {
    title: i18n.t('desktop.offerTitle', { name: foreign(offer.peer.name) }),
    body: i18n.t('desktop.offerBody', { what, size }),
  };
}

/** The code itself stays in the window: a notice may stand on a locked screen. */
export function codeWords(pairing: Pairing): NoticeWords {
  return {
    title: i18n.t('desktop.codeTitle', { name: foreign(pairing.name) }),
    body: i18n.t('desktop.codeBody'),
  };
}

/** What another computer calls a thing. Some desktops read markup in the body of a notification. */
export function foreign(text: string): string {
  return cleanDeviceName(text).replaceAll('<', '‹').replaceAll('>', '›');
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.floor(Math.log10(count) / 3);
  const index = Math.min(power, UNITS.length - 1);
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit: UNITS[index] ?? 'byte',
    unitDisplay: index === 0 ? 'long' : 'short',
    maximumFractionDigits: index === 0 ? 0 : 1,
  }).format(count / 1000 ** index);
}
