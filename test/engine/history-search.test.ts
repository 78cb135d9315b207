import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { folded } from '../../shared/model/folded.ts';
import { everything, filled, named, namesFound, useHistory } from '../support/history-place.ts';

/** If these fail, a person does not find what they received last month. */

useHistory();

describe('a search', () => {
  test.each([
    ['a name', 'report', ['Report.pdf']],
    ['a name in other letters', 'REPORT', ['Report.pdf']],
    ['a name without its accents', 'resume', ['Résumé.odt']],
    ['a name with accents it does not have', 'rëport', ['Report.pdf']],
    ['a name that was written in two parts', 'Re\u0301sume\u0301', ['Résumé.odt']],
    ['the name of a device', 'lodz', ['from far.zip']],
    ['the place it was saved at', 'scans/2026', ['page.tiff']],
    ['several words in any order', 'pdf rep', ['Report.pdf']],
    ['words of which one is of the device', 'far łódź', ['from far.zip']],
    ['what nobody has sent', 'nothing', []],
    ['words of which one fits nowhere', 'report nothing', []],
    ['signs that mean something elsewhere', '.*', []],
    ['blanks only', '   ', ['page.tiff', 'from far.zip', 'Résumé.odt', 'Report.pdf']],
  ])('for %s', async (_what, text, names) => {
    const history = await filled([
      named('Report.pdf'),
      named('Résumé.odt'),
      named('from far.zip', { who: 'Łódź' }),
      named('page.tiff', { direction: 'receive', savedAs: '/home/mara/Scans/2026/page.tiff' }),
    ]);
    expect(await namesFound(history, { text })).toEqual(names);
  });

  test('is for one direction or both', async () => {
    const history = await filled([named('out'), named('in', { direction: 'receive' })]);
    expect(await namesFound(history, { direction: 'send' })).toEqual(['out']);
    expect(await namesFound(history, { direction: 'receive' })).toEqual(['in']);
    expect(await namesFound(history, { direction: 'all' })).toEqual(['in', 'out']);
  });

  test('answers page by page, newest first, with the number of all that fit', async () => {
    const names = Array.from({ length: 7 }, (_, n) => `file ${n}`);
    const history = await filled([...names.map((name) => named(name)), named('other')]);
    const query = { ...everything, text: 'file', count: 3 };
    const pages = await Promise.all([0, 3, 6, 9].map((from) => history.search({ ...query, from })));
    expect(pages.flatMap((page) => page.transfers.map(({ items }) => items[0]?.name))).toEqual(
      names.toReversed(),
    );
    expect(pages.map(({ total, transfers }) => [total, transfers.length])).toEqual([
      [7, 3],
      [7, 3],
      [7, 1],
      [7, 0],
    ]);
  });
});

test('a text is found by each of its parts, however they are written', () => {
  const ways = [
    (text: string) => text.toUpperCase(),
    (text: string) => text.toLowerCase(),
    (text: string) => text.normalize('NFD'),
    (text: string) => text.normalize('NFC'),
  ];
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('aZéÅøßŒñΣςσžIİ1 _')) }),
      fc.nat(30),
      fc.nat(30),
      fc.constantFrom(...ways),
      (text, one, two, write) => {
        const part = text.slice(Math.min(one, two), Math.max(one, two));
        expect(folded(text)).toContain(folded(write(part)));
      },
    ),
  );
});
