import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lookalikeOf, nameSkeleton } from '../../../shared/model/lookalike.ts';
import type { PairedDevice } from '../../../shared/model/pairing.ts';
import type { PeerId } from '../../../shared/model/peer.ts';

/** Names that are easily taken for that of a paired device. */

const anna = 'a'.repeat(64) as PeerId;
const stranger = 'b'.repeat(64) as PeerId;
const paired = (name: string): PairedDevice[] => [
  { id: anna, name, platform: 'linux', pairedAtMs: 0, rule: null },
];

test.each([
  ['Anna’s laptop', 'Anna’s laptop'],
  ['Anna’s laptop', 'ANNA’S LAPTOP'],
  ['Anna’s laptop', "Anna's laptop"],
  ['Anna’s laptop', 'Anna’s  lap-top'],
  ['Anna’s laptop', 'Аnnа’s lарtор'], // Cyrillic
  ['Anna’s laptop', 'Αnna’s lαptορ'], // Greek
  ['Zoé', 'Zoe\u0301'],
  ['Zoé', 'Zoe'],
  ['Bill', 'BiIl'],
  ['Room 10', 'Room lO'],
  ['modern', 'modem'],
  ['Ａｎｎａ', 'Anna'],
  ['アンナ', 'ｱﾝﾅ'],
  ['🙂', '🙂'],
])('%s is also %s', (saved, name) => {
  expect(lookalikeOf({ id: stranger, name }, paired(saved))).toBe(anna);
  expect(lookalikeOf({ id: null, name }, paired(saved))).toBe(anna);
  // the paired device itself may be called anything
  expect(lookalikeOf({ id: anna, name }, paired(saved))).toBeNull();
});

test.each([
  ['Anna’s laptop', 'Ben’s laptop'],
  ['Anna', 'Anna 2'],
  ['कमल', 'कमला'],
  ['🙂', '🙃'],
  ['🙂', '!!!'],
])('%s is not %s', (saved, name) => {
  expect(lookalikeOf({ id: stranger, name }, paired(saved))).toBeNull();
});

test('a device that is paired too is none, whatever it is called', () => {
  const both = [...paired('Anna'), { ...paired('Anna')[0]!, id: stranger }];
  expect(lookalikeOf({ id: stranger, name: 'Anna' }, both)).toBeNull();
});

test('marks of different letters have one order once what stood between them is passed over', () => {
  const [hamza, quarter] = ['\u06d5\u0654', '\u{1d157}\u{1d165}'];
  expect(nameSkeleton(hamza + quarter)).toBe('\u06d5\u{1d165}\u0654');
});

test('any name is like itself, and a skeleton has none of its own', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (name) => {
      expect(lookalikeOf({ id: stranger, name }, paired(name))).toBe(anna);
      expect(nameSkeleton(nameSkeleton(name))).toBe(nameSkeleton(name));
    }),
    { numRuns: 300 },
  );
});
