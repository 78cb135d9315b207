import { describe, expect, test } from 'vitest';
import { OfferedTree } from '../../electron/engine/transfer/offered-tree.ts';
import type { ListFolder } from '../../electron/terminal/only.ts';
import { chosenOnly } from '../../electron/terminal/only.ts';
import { MAX_CHOICE_RULES } from '../../shared/model/choice.ts';
import type { Entry } from '../../shared/protocol/messages.ts';
import { atOnce } from '../../shared/protocol/steps.ts';

/** If these fail, a person who named some files gets others, or all of them. */

function treeOf(...paths: readonly string[]): { tree: OfferedTree; entries: Entry[] } {
  const entries = paths.map((path): Entry => {
    const parts = path.split('/');
    return parts.at(-1) === ''
      ? { kind: 'directory', path: parts.slice(0, -1) }
      : { kind: 'file', path: parts, bytes: 1 };
  });
  return { tree: atOnce(OfferedTree.steps(entries)), entries };
}

/** What comes of it; null: it is declined. */
async function taken(
  offer: readonly string[],
  ...patterns: readonly string[]
): Promise<readonly string[] | null> {
  const { tree, entries } = treeOf(...offer);
  const list: ListFolder = (path, from, count) => {
    const page = tree.page(path, from, count);
    return page ? Promise.resolve(page) : Promise.reject(new Error(path.join('/')));
  };
  const choice = await chosenOnly(patterns, list);
  if (choice === null) return null;
  const unwanted = tree.unwanted(choice);
  return entries
    .filter(({ kind }, index) => kind === 'file' && !unwanted.has(index))
    .map(({ path }) => path.join('/'));
}

const ALBUM = ['album/', 'album/a.jpg', 'album/b.JPG', 'album/notes.txt', 'album/old/c.jpg'];
const TWO = [...ALBUM, 'film.bin', 'beside/a.jpg'];

describe('what is named', () => {
  test.each([
    [ALBUM, ['*.jpg'], ['album/a.jpg', 'album/b.JPG']],
    [ALBUM, ['NOTES.*', 'a.jpg'], ['album/a.jpg', 'album/notes.txt']],
    [ALBUM, ['album/*.jpg'], ['album/a.jpg', 'album/b.JPG']],
    [ALBUM, ['old/c.jpg'], ['album/old/c.jpg']],
    [ALBUM, ['*/*/c.*'], ['album/old/c.jpg']],
    [ALBUM, ['old'], ['album/old/c.jpg']],
    [ALBUM, ['album'], ALBUM.slice(1)],
    [ALBUM, ['*'], ALBUM.slice(1)],
    [TWO, ['film.bin'], ['film.bin']],
    [TWO, ['*/a.jpg'], ['album/a.jpg', 'beside/a.jpg']],
    [TWO, ['album/old/', 'film*'], ['album/old/c.jpg', 'film.bin']],
    [ALBUM, ['*.png', 'notes.txt'], ['album/notes.txt']],
  ])('of %j is by %j taken: %j', async (offer, patterns, expected) => {
    expect(await taken(offer, ...patterns)).toEqual(expected);
  });

  test.each([
    [ALBUM, ['*.png']],
    [ALBUM, ['c.jpg']],
    [ALBUM, ['notes.txt/x']],
    [ALBUM, ['1']],
    [TWO, ['a.jpg']],
    [TWO, ['']],
    [TWO, ['/']],
    [TWO, ['../film.bin']],
  ])('of %j is by %j nothing, and it is declined', async (offer, patterns) => {
    expect(await taken(offer, ...patterns)).toBeNull();
  });

  test('is found beyond the first page, and not more of it than can be said', async () => {
    const many = Array.from({ length: MAX_CHOICE_RULES + 1 }, (_, n) => `all/f${n}.x`);
    expect(await taken(['all/y', ...many], 'f9999.x')).toEqual(['all/f9999.x']);
    expect(await taken(['all/y', ...many], '*.x')).toBeNull();
  });
});
