import type { PairedDevice } from './pairing.ts';
import type { PeerId } from './peer.ts';

/** Letters of other scripts, and digits, that look like Latin ones in most fonts. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  ...pairs('авсеһніјкмпорԛѕтухԝүьԁ', 'abcehhijkmnopqstyxwybd'),
  ...pairs('αβεηικνορτυχωϲϳ', 'abenikvoptuxwcj'),
  ...pairs('ıɑɡɩ01l|', 'iagioiii'),
};

/** Accents too, of Latin letters: in other scripts marks make another word. */
const PASSED_OVER = /[\p{P}\p{S}\p{Z}\p{Cf}\u0300-\u036f]/gu;

function pairs(from: string, to: string): Record<string, string> {
  return Object.fromEntries(Array.from(from, (letter, n) => [letter, to[n] ?? letter]));
}

/** Two names with one skeleton are easily taken for each other. Empty: nothing is left to compare. */
export function nameSkeleton(name: string): string {
  const folded = name.normalize('NFKD').toLowerCase();
  const letters = Array.from(folded, (letter) => LOOKS_LIKE[letter] ?? letter).join('');
  // marks that stand together now have an order of their own
  return letters.replace(PASSED_OVER, '').normalize('NFKD').replaceAll('rn', 'm');
}

/** The paired device that this one is not, although it is called so; null: none. Names are clean. */
export function lookalikeOf(
  { id, name }: { readonly id: PeerId | null; readonly name: string },
  paired: readonly PairedDevice[],
): PeerId | null {
  if (paired.length === 0 || paired.some((device) => device.id === id)) return null;
  const skeleton = nameSkeleton(name);
  const exact = name.normalize('NFC').toLowerCase();
  const like = paired.find((device) => {
    if (device.name.normalize('NFC').toLowerCase() === exact) return true;
    return skeleton !== '' && nameSkeleton(device.name) === skeleton;
  });
  return like?.id ?? null;
}
