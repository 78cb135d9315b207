import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OfferedTree } from '../../electron/engine/transfer/offered-tree.ts';
import type { ListFolder, NoChoice } from '../../electron/terminal/only.ts';
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

/** What comes of it. */
async function taken(
  offer: readonly string[],
  ...patterns: readonly string[]
): Promise<readonly string[] | NoChoice> {
  const { tree, entries } = treeOf(...offer);
  const list: ListFolder = (path, from, count) => {
    const page = tree.page(path, from, count);
    return page ? Promise.resolve(page) : Promise.reject(new Error(path.join('/')));
  };
  const choice = await chosenOnly(patterns, list);
  if (typeof choice === 'string') return choice;
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
    expect(await taken(offer, ...patterns)).toBe('nothing');
  });

  test('is found beyond the first page, and told by what is not named where that is less', async () => {
    const many = Array.from({ length: MAX_CHOICE_RULES + 1 }, (_, n) => `all/f${n}.x`);
    const offer = ['all/y', ...many, 'all/z/1', 'all/z/2', 'all/z/3'];
    expect(await taken(offer, 'f9999.x')).toEqual(['all/f9999.x']);
    expect(await taken(offer, '*.x')).toEqual(many);
    expect(await taken(offer, '*.x', 'z/[12]', 'z/2')).toEqual([...many, 'all/z/2']);
    expect(await taken(offer, 'z/1', '*.x', 'z/2')).toEqual([...many, 'all/z/1', 'all/z/2']);
    expect(await taken(offer, '*.x', 'z', 'z/1')).toEqual([...many, ...offer.slice(-3)]);
  });

  test('is said to be too much where neither can be said', async () => {
    const many = Array.from({ length: MAX_CHOICE_RULES }, (_, n) => [`a/${n}.x`, `a/${n}.y`]);
    expect(await taken(many.flat(), '*.x')).toBe('tooMuch');
    const fewer = many.flat().filter((path) => path !== 'a/0.x' && path !== 'a/1.x');
    expect(await taken(fewer, '*.y')).toHaveLength(MAX_CHOICE_RULES);
  });

  /** If this fails, a folder that is named keeps out what a path in it does not name. */
  test('whatever is named twice or in what is named, it is what each names alone', async () => {
    const names = ['a', 'b', 'c', '*', '?'];
    const path = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 });
    const offers = fc.uniqueArray(
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }),
      { minLength: 2, maxLength: 12, selector: (parts) => parts.join('/') },
    );
    await fc.assert(
      fc.asyncProperty(offers, fc.array(path, { minLength: 1, maxLength: 3 }), async (all, ps) => {
        const files = all.map((parts) => ['top', ...parts.map((p) => `d${p}`), 'f'].join('/'));
        const offer = [...files, 'beside'];
        const patterns = ps.map((parts) => ['top', ...parts.map((p) => `d${p}`)].join('/'));
        const fits = (file: string): boolean =>
          patterns.some((pattern) => {
            const parts = pattern.split('/');
            return parts.every((part, at) => {
              const own = file.split('/')[at];
              return part === own || (part !== 'd' && /[*?]/.test(part) && own?.[0] === 'd');
            });
          });
        const expected = files.filter(fits);
        const got = await taken(offer, ...patterns);
        expect(got).toEqual(expected.length === 0 ? 'nothing' : expected);
      }),
      { numRuns: 60 },
    );
  });
});
