import type { Failure } from '../../shared/errors.ts';
import { tongueOf } from '../../shared/model/language.ts';
import type { Pairing } from '../../shared/model/pairing.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { cleanDeviceName } from '../../shared/protocol/device-name.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import type { FailureWords } from '../../shared/text/failure-words.ts';
import { formatBytes } from '../../shared/text/quantity.ts';
import { createSpeech } from '../../shared/text/speech.ts';
import type { Say, Speech } from '../../shared/text/speech.ts';
import type { KeysUnder } from '../../shared/text/text-keys.ts';

/** The words of what the main process says itself: notifications, dialogs and the menu. */

/** English until another language is asked for. */
let speech = createSpeech(tongueOf('en', []), en);

export function speak(next: Speech): void {
  speech = next;
}

export const say: Say = (key, values) => speech.say(key, values);
export const percent = (fraction: number): string => speech.percent(fraction);

export function word(key: KeysUnder<'desktop'>, values?: { readonly name: string }): string {
  return speech.say(key, values);
}

export const failureWords = (failure: Failure): FailureWords => speech.failure(failure);

/** What a notice says. Names in it come from another computer. */
export interface NoticeWords {
  readonly title: string;
  readonly body: string;
}

export function offerWords(offer: Transfer): NoticeWords {
  const first = offer.items[0];
  const what =
    offer.content !== undefined
      ? speech.say(`desktop.offer.${offer.content}`)
      : offer.itemCount === 1 && first !== undefined
        ? foreign(first.name)
        : speech.say('desktop.offerItems', { count: offer.itemCount });
  const size = bytes(offer.totals.bytes);
  return {
    title: speech.say('desktop.offerTitle', { name: foreign(offer.peer.name) }),
    body: speech.say('desktop.offerBody', { what, size }),
  };
}

/** The code itself stays in the window: a notice may stand on a locked screen. */
export function codeWords(pairing: Pairing): NoticeWords {
  return {
    title: speech.say('desktop.codeTitle', { name: foreign(pairing.name) }),
    body: speech.say('desktop.codeBody'),
  };
}

/** What another computer calls a thing. Some desktops read markup in the body of a notification. */
export function foreign(text: string): string {
  return cleanDeviceName(text).replaceAll('<', '‹').replaceAll('>', '›');
}

function bytes(count: number): string {
  return formatBytes(count, { locale: speech.locale, step: 1000, isSteady: false });
}
