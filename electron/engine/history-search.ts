import type { CommandInput } from '../../shared/contract.ts';
import { folded, holdsWords } from '../../shared/model/folded.ts';
import type { Transfer } from '../../shared/model/transfer.ts';

export type HistoryQuery = CommandInput<'searchHistory'>;

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
  return holdsWords(text, query.text);
}
