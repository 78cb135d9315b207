import { expect, test } from 'vitest';
import { codeWords, foreign, offerWords } from '../../electron/desktop/words.ts';
import corpus from '../corpus/names.json' with { type: 'json' };
import { aPairing, anOffer } from './samples.ts';

test('a notice says who, what and how much', () => {
  expect(offerWords(anOffer())).toEqual({
    title: 'Anna wants to send you something',
    body: 'holiday (2.3 MB)',
  });
});

test('a notice of a text or a link tells nothing of what it says', () => {
  expect(offerWords(anOffer({ content: 'text' })).body).toBe('A text (2.3 MB)');
  expect(offerWords(anOffer({ content: 'link' })).body).toBe('A link (2.3 MB)');
});

test('a notice of a code does not tell the code', () => {
  const { title, body } = codeWords({ ...aPairing, name: 'An<b>na', code: '123 456' });
  expect(title).toBe('Compare a code with An‹b›na');
  expect(title + body).not.toMatch(/\d/);
});

test('a notice of several things counts them', () => {
  const items = [
    { name: 'a.txt', kind: 'file' },
    { name: 'b.txt', kind: 'file' },
  ] as const;
  const offer = anOffer({
    items,
    itemCount: 1200,
    totals: { files: 1200, directories: 0, bytes: 0 },
  });
  expect(offerWords(offer).body).toBe('1,200 items (0 bytes)');
});

test.each([
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [1_500_000_000, '1.5 GB'],
  [2 ** 53 - 1, '9 PB'],
])('%d bytes are written as people read them', (bytes, words) => {
  const { body } = offerWords(anOffer({ totals: { files: 1, directories: 0, bytes } }));
  expect(body).toContain(words);
});

test('nothing in a name is markup, turns the text round or breaks the line', () => {
  const names: readonly string[] = corpusNames();
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) {
    const shown = foreign(name);
    expect(shown).not.toMatch(/[<>\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/u);
    expect(shown).not.toBe('');
  }
});

function corpusNames(): string[] {
  const found: string[] = [];
  const walk = (value: unknown) => {
    if (typeof value === 'string') found.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(corpus);
  return [...found, '<a href="https://example.org">click</a>', '\u202egpj.exe'];
}
