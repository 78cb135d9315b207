import { expect, test } from 'vitest';
import { nameWarnings } from '../../electron/terminal/say-offer.ts';
import { planLines } from '../../electron/terminal/say-plan.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import { anOffer } from '../desktop/samples.ts';
import { plan } from '../support/plans.ts';

/** If one of these fails: a person in a terminal says yes to a name that is not what it seems. */

const offerOf = (...names: readonly string[]) =>
  anOffer({
    items: names.map((name) => ({ name, kind: 'file' as const })),
    itemCount: names.length,
  });

test('a program, a second ending and letters that look alike are named before the question', () => {
  const { program, twoExtensions, mixedLetters } = en.window.names;
  expect(nameWarnings(offerOf('notes.txt', 'photo.jpg.exe', '\u0440aypal\u202e.txt'))).toEqual([
    `  photo.jpg.exe [.exe] ${program.badge}: ${program.more}`,
    `  photo.jpg.exe [.exe] ${twoExtensions.badge}: ${twoExtensions.more}`,
    `  \u0440aypal_.txt [.txt] ${mixedLetters.badge}: ${mixedLetters.more}`,
  ]);
});

test('many odd names do not push the question out of sight', () => {
  const many = Array.from({ length: 20 }, (_, n) => `photo ${n}.jpg.exe`);
  expect(nameWarnings(offerOf(...many))).toHaveLength(8);
});

test('what is saved under another name is said, both names safe to print', () => {
  const renamed = { count: 1, examples: [{ from: 'a\u001b[2Jb', to: 'a_[2Jb' }] };
  expect(planLines(plan({ renamed }), 'keepBoth').at(-1)).toBe('  a_[2Jb is saved as a_[2Jb');
});
