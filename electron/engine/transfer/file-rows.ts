import { setImmediate } from 'node:timers/promises';
import type {
  FileFilter,
  FilePage,
  FileState,
  ListedFile,
} from '../../../shared/model/file-list.ts';
import { countByFilter, fitsFilter } from '../../../shared/model/file-list.ts';
import { folded, wordsIn } from '../../../shared/model/folded.ts';

/** Others want their turn while a hundred thousand are gone through. */
const FILES_PER_TURN = 1_000;

export interface FileQuery {
  readonly text: string;
  readonly filter: FileFilter;
  readonly from: number;
  readonly count: number;
}

/** The files of a transfer in their order, wherever they are told of. */
export interface FileRows {
  readonly count: number;
  state(at: number): FileState;
  /** What those are called whose places these are, which rise. */
  paths(places: readonly number[]): readonly string[];
  /** All that is known of them. */
  read(places: readonly number[]): readonly ListedFile[];
}

/** Each word of the query must occur somewhere. No more files than a turn takes are held at once. */
export async function pageOf(rows: FileRows, query: FileQuery): Promise<FilePage> {
  const { text, filter, from, count } = query;
  const counts = countByFilter(states(rows));
  const words = text.trim() === '' ? [] : wordsIn(text);
  const places: number[] = [];
  let total = 0;
  for (let at = 0; at < rows.count; at += FILES_PER_TURN) {
    for (const place of await fitting(rows, at, filter, words)) {
      if (total >= from && places.length < count) places.push(place);
      total += 1;
    }
  }
  return { files: rows.read(places), total, counts };
}

async function fitting(
  rows: FileRows,
  from: number,
  filter: FileFilter,
  words: readonly string[],
): Promise<readonly number[]> {
  const places: number[] = [];
  for (let at = from; at < Math.min(rows.count, from + FILES_PER_TURN); at++) {
    if (fitsFilter(rows.state(at), filter)) places.push(at);
  }
  if (words.length === 0 || places.length === 0) return places;
  await setImmediate();
  const paths = rows.paths(places);
  return places.filter((_, n) => {
    const text = folded(paths[n] ?? '');
    return words.every((word) => text.includes(word));
  });
}

function* states(rows: FileRows): Generator<FileState> {
  for (let at = 0; at < rows.count; at++) yield rows.state(at);
}
