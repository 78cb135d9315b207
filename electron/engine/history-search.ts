import type { CommandInput } from '../../shared/contract.ts';
import type { Transfer } from '../../shared/model/transfer.ts';

export type HistoryQuery = CommandInput<'searchHistory'>;

/** Accents, and the points that Hebrew and Arabic are mostly written without. */
const MARKS = /[\u0300-\u036f\u0591-\u05bd\u064b-\u0652]/g;

/** Letters that Unicode does not take apart, and that many keyboards do not have. */
const PLAIN: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  þ: 'th',
  ς: 'σ',
};
const UNPLAIN = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/** Two texts that a person would take for the same are the same after this. */
export function folded(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(MARKS, '')
      // upper case first: there ß is SS
      .toUpperCase()
      .toLowerCase()
      .replace(UNPLAIN, (letter) => PLAIN[letter] ?? letter)
  );
}

/** A transfer with the text in which it is looked for. */
export interface Searchable {
  readonly transfer: Transfer;
  readonly text: string;
}

export function searchable(transfer: Transfer): Searchable {
  const { items, peer, savedAs } = transfer;
  const texts = [peer.name, savedAs ?? '', ...items.map(({ name }) => name)];
  return { transfer, text: folded(texts.join('\n')) };
}

/** Whether every word of the query occurs somewhere, in the direction that is asked for. */
export function fits({ transfer, text }: Searchable, query: HistoryQuery): boolean {
  if (query.direction !== 'all' && query.direction !== transfer.direction) return false;
  return folded(query.text)
    .split(/\s+/)
    .every((word) => text.includes(word));
}
