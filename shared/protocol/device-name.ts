import { MAX_DEVICE_NAME_GRAPHEMES } from '../model/settings.ts';
import { graphemes } from './graphemes.ts';

/** A cleaned name fits one TXT string (255 bytes) together with its key. */
export const MAX_DEVICE_NAME_BYTES = 250;

/** Shown where a device gives no name that can be read. */
export const NEUTRAL_DEVICE_NAME = 'Dropline';

/**
 * What no eye can see or what turns text around: bidi controls, fillers, tags, lone surrogates.
 * Joiners and variation selectors stay: Persian and emoji need them.
 */
const INVISIBLE = /(?![\u200c\u200d\ufe0e\ufe0f])[\p{DI}\p{Cf}\p{Cs}]/gu;
const BLANKS = /[\s\p{Cc}\p{Z}\u2800]+/gu;
const READABLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Longer input is cut before it is looked at, so that a hostile name costs nothing. */
const MAX_INPUT_UNITS = 4096;

const encoder = new TextEncoder();

/**
 * Turns whatever a device or a person calls itself into one line that is safe to show, at most
 * MAX_DEVICE_NAME_GRAPHEMES and MAX_DEVICE_NAME_BYTES long. Cleaning twice changes nothing.
 */
export function cleanDeviceName(raw: string, fallback: string = NEUTRAL_DEVICE_NAME): string {
  const visible = raw.slice(0, MAX_INPUT_UNITS).replace(INVISIBLE, '').normalize('NFC');
  const name = capped(visible.replace(BLANKS, ' ').trim()).trim();
  return READABLE.test(name) ? name : fallback;
}

/** No UTF-16 unit is more than one grapheme, or than these bytes. */
const MAX_UNIT_BYTES = 3;
const SHORT_UNITS = Math.min(MAX_DEVICE_NAME_GRAPHEMES, MAX_DEVICE_NAME_BYTES / MAX_UNIT_BYTES);

function capped(name: string): string {
  // a flood of announcements is a flood of names: looking for graphemes is what costs most of one
  if (name.length <= SHORT_UNITS) return name;
  let count = 0;
  let bytes = 0;
  for (const { segment, index } of graphemes(name)) {
    count += 1;
    bytes += encoder.encode(segment).length;
    if (count > MAX_DEVICE_NAME_GRAPHEMES || bytes > MAX_DEVICE_NAME_BYTES) {
      return name.slice(0, index);
    }
  }
  return name;
}
