import fs, { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { SLICE_STEPS, planOffer } from '../../../electron/engine/transfer/preflight.ts';
import { ALL_WANTED } from '../../../electron/engine/transfer/unwanted-entries.ts';
import { MAX_PLAN_ITEMS } from '../../../shared/model/plan.ts';
import { MAX_ENTRIES } from '../../../shared/protocol/limits.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { Folders, TIME_US, directory, file, plan, planned, put } from '../../support/planning.ts';

/**
 * If these fail, a person is told before they answer that a file is new where one is in its place, or a
 * large offer holds up all the others.
 */

const folders = new Folders();
afterAll(() => folders.remove());

describe('what is there already', () => {
  type There =
    | { readonly kind: 'file'; readonly bytes: number; readonly modifiedUs: number }
    | { readonly kind: 'folder' | 'link'; readonly inside: ReadonlyMap<string, There> };

  // elsewhere a disk takes the two for one name
  const big = process.platform === 'linux' ? ['A'] : [];
  const names = fc.constantFrom('a', ...big, 'b.txt', 'ä', 'c');
  const bytes = fc.integer({ min: 0, max: 2 });
  const modifiedUs = fc.constantFrom(TIME_US, TIME_US + 5);
  const { tree } = fc.letrec<{ tree: ReadonlyMap<string, There> }>((tie) => ({
    tree: fc
      .uniqueArray(
        fc.tuple(
          names,
          fc.oneof(
            { depthSize: 'small' },
            fc.record({ kind: fc.constant('file' as const), bytes, modifiedUs }),
            fc.record({ kind: fc.constantFrom('folder' as const, 'link'), inside: tie('tree') }),
          ),
        ),
        { selector: ([name]) => name, maxLength: 4 },
      )
      .map((entries) => new Map(entries as [string, There][])),
  }));

  function make(at: string, things: ReadonlyMap<string, There>): void {
    for (const [name, thing] of things) {
      const path = join(at, name);
      if (thing.kind === 'file') put(path, thing.bytes, thing.modifiedUs);
      else if (thing.kind === 'folder') {
        mkdirSync(path);
        make(path, thing.inside);
      } else {
        const outside = folders.empty();
        make(outside, thing.inside);
        symlinkSync(outside, path);
      }
    }
  }

  /** A link in what is offered is a folder there: links are not sent. */
  function listed(things: ReadonlyMap<string, There>, within: readonly string[] = []): Entry[] {
    return [...things].flatMap(([name, thing]) => {
      const path = [...within, name];
      if (thing.kind === 'file') return [{ ...thing, path }];
      return [{ kind: 'directory' as const, path }, ...listed(thing.inside, path)];
    });
  }

  /** Said the slow way: each path by itself, step by step. */
  function fateOf(entry: Entry, there: ReadonlyMap<string, There>): 'new' | 'same' | 'differs' {
    let at: There | undefined = { kind: 'folder', inside: there };
    for (const name of entry.path) {
      if (at.kind !== 'folder') return 'differs';
      at = at.inside.get(name);
      if (at === undefined) return 'new';
    }
    const isSame =
      entry.kind === 'file' &&
      at.kind === 'file' &&
      at.bytes === entry.bytes &&
      at.modifiedUs === entry.modifiedUs;
    return isSame ? 'same' : 'differs';
  }

  test('is found file by file, and never by way of a link', async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, fc.integer({ min: 0, max: 60 }), async (offer, there, more) => {
        const into = folders.empty();
        make(into, there);
        const added = Array.from({ length: more }, (_, n) => file(`more-${n}`));
        const entries = [...listed(offer), ...added];
        const { existing, files, renamed } = await planned(into, entries);
        const fates = entries
          .filter(({ kind }) => kind === 'file')
          .map((entry) => ({ top: entry.path[0] ?? '', fate: fateOf(entry, there) }));
        const count = (fate: string, top?: string): number =>
          fates.filter((f) => f.fate === fate && (top ?? f.top) === f.top).length;
        const taken = [...offer.keys()].filter((name) => there.has(name));
        expect(files).toBe(fates.length);
        expect(renamed.count).toBe(0);
        expect(existing).toMatchObject({
          count: taken.length,
          sameSizeAndTime: count('same'),
          differs: count('differs'),
        });
        expect(new Map(existing.items.map((item) => [item.name, item]))).toEqual(
          new Map(
            taken.map((name) => [
              name,
              expect.objectContaining({
                kind: offer.get(name)?.kind === 'file' ? 'file' : 'folder',
                sameSizeAndTime: count('same', name),
                differs: count('differs', name),
              }) as unknown,
            ]),
          ),
        );
      }),
      { numRuns: 150 },
    );
  });

  test('counts the bytes that would not have to come again', async () => {
    const into = folders.empty();
    mkdirSync(join(into, 'album'));
    put(join(into, 'album', 'same'), 70);
    put(join(into, 'album', 'other'), 5);
    const entries = [file('album/same', 70), file('album/other', 6), file('album/new', 8)];
    const { existing, bytes } = await planned(into, entries);
    expect(bytes).toBe(84);
    expect(existing).toMatchObject({ sameSizeAndTime: 1, sameBytes: 70, differs: 1 });
  });

  const FINE_US = TIME_US + 1_000_000;

  test.each([
    ['a microsecond', 0, true],
    ['a millisecond', 456, true],
    ['a second', 123_456, true],
    ['two seconds', 123_456 + 1_000_000, true],
    ['what a double of Windows holds', 1, true],
    ['what no file system and no browser knows', 5, false],
  ])('has the same time where it was cut to %s, here or there', async (_, cutUs, isSame) => {
    const into = folders.empty();
    const coarseUs = FINE_US - cutUs;
    put(join(into, 'stored'), 3, coarseUs);
    put(join(into, 'offered'), 3, FINE_US);
    const entries = [file('stored', 3, FINE_US), file('offered', 3, coarseUs)];
    const { existing } = await planned(into, entries);
    expect(existing.sameSizeAndTime).toBe(isSame ? 2 : 0);
  });

  test('is another file where no time was told', async () => {
    const into = folders.empty();
    put(join(into, 'a'));
    const entries: Entry[] = [{ kind: 'file', path: ['a'], bytes: 3 }];
    expect((await planned(into, entries)).existing).toMatchObject({ differs: 1 });
  });

  test('is looked for under the name that it would be saved by', async () => {
    const into = folders.empty();
    put(join(into, 'a_b'));
    const { existing } = await planned(into, [file('a:b')], { platform: 'win' });
    expect(existing.items).toEqual([
      { name: 'a_b', kind: 'file', sameSizeAndTime: 1, sameBytes: 3, differs: 0 },
    ]);
  });

  test('is told by its first few items where there are many', async () => {
    const into = folders.empty();
    const entries = Array.from({ length: MAX_PLAN_ITEMS + 5 }, (_, n) => file(`file-${n}`));
    for (const { path } of entries) put(join(into, ...path));
    const { existing } = await planned(into, entries);
    expect(existing).toMatchObject({ count: MAX_PLAN_ITEMS + 5 });
    expect(existing.items).toHaveLength(MAX_PLAN_ITEMS);
  });

  // as on FAT: what is called Photo.JPG answers to photo.jpg
  test('is found by other letters where the disk takes them for the same', async () => {
    const into = folders.empty();
    const entries = Array.from({ length: 30 }, (_, n) => file(`Photo-${n}.JPG`));
    for (const { path } of entries) put(join(into, (path[0] ?? '').toLowerCase()));
    const lstatSync = ((path: string, options: object) =>
      fs.lstatSync(join(into, path.slice(into.length + 1).toLowerCase()), options)) as never;
    const { existing } = await planned(into, entries, { disk: { lstatSync } });
    expect(existing.sameSizeAndTime).toBe(30);
  });
});

describe('the work', () => {
  /** Counts what is asked of the disk, in all and since the last breath. */
  function counted() {
    const asked = { lstat: 0, listed: 0, sinceBreath: 0, most: 0, breaths: 0, open: 0 };
    const ask = (kind: 'lstat' | 'listed'): void => {
      asked[kind]++;
      asked.most = Math.max(asked.most, ++asked.sinceBreath);
    };
    const disk: Partial<FileSystem> = {
      lstatSync: ((...args: Parameters<typeof fs.lstatSync>) => {
        ask('lstat');
        return fs.lstatSync(...args);
      }) as FileSystem['lstatSync'],
      opendirSync: (path) => {
        const listing = fs.opendirSync(path);
        asked.open++;
        const readSync = () => {
          ask('listed');
          return listing.readSync();
        };
        const closeSync = () => {
          asked.open--;
          listing.closeSync();
        };
        return { readSync, closeSync } as unknown as fs.Dir;
      },
    };
    const breathe = async (): Promise<void> => {
      asked.breaths++;
      asked.sinceBreath = 0;
    };
    return { asked, options: { disk, breathe } };
  }

  /** As many as one offer may hold, with the folders that lie on a path. */
  const FILES = MAX_ENTRIES - 101;
  const large: readonly Entry[] = [
    directory('album'),
    ...Array.from({ length: FILES }, (_, n) => file(`album/${n % 100}/${n}`)),
  ];

  test('is done in slices, however much is offered and there', async () => {
    const into = folders.empty();
    for (let n = 0; n < 100; n++) mkdirSync(join(into, 'album', String(n)), { recursive: true });
    for (let n = 0; n < 3000; n++) put(join(into, 'album', String(n % 100), String(n)));
    const { asked, options } = counted();
    const { existing, files } = await planned(into, large, options);
    expect(files).toBe(FILES);
    expect(existing).toMatchObject({ count: 1, sameSizeAndTime: 3000, differs: 0 });
    expect(asked.most).toBeLessThanOrEqual(SLICE_STEPS);
    expect(asked.breaths).toBeGreaterThanOrEqual(Math.floor(FILES / SLICE_STEPS));
    // each folder was listed once, and only what may be there was asked for
    expect(asked.lstat).toBeLessThan(3000 + 300);
    expect(asked.listed).toBeLessThan(3000 + 300);
  });

  test('ends a slice early on a disk that is slow', async () => {
    const clock = new HandClock();
    const { asked, options } = counted();
    const slow: Partial<FileSystem> = {
      lstatSync: ((...args: Parameters<typeof fs.lstatSync>) => {
        clock.turn(10);
        return (options.disk.lstatSync as typeof fs.lstatSync)(...args);
      }) as FileSystem['lstatSync'],
    };
    const entries = Array.from({ length: 10 }, (_, n) => file(String(n)));
    const saved = entries.map(({ path }) => path);
    const disk = { ...realFileSystem, ...slow };
    const request = { fs: disk, clock, directory: folders.empty(), entries, saved };
    const unwanted = ALL_WANTED;
    await planOffer({ ...request, unwanted, breathe: options.breathe }, () => true);
    expect(asked.lstat).toBe(10);
    expect(asked.most).toBeLessThanOrEqual(2);
  });

  test('asks for a few names one by one, in whatever large a folder', async () => {
    const into = folders.empty();
    for (let n = 0; n < 50; n++) put(join(into, String(n)));
    const { asked, options } = counted();
    await planned(into, [file('1'), file('x')], options);
    expect(asked).toMatchObject({ lstat: 2, listed: 0 });
  });

  test('gives up a listing that costs more than asking', async () => {
    const into = folders.empty();
    for (let n = 0; n < 1000; n++) put(join(into, String(n)));
    const entries = Array.from({ length: 20 }, (_, n) => file(`${n * 100}`));
    const { asked, options } = counted();
    const { existing } = await planned(into, entries, options);
    expect(existing.sameSizeAndTime).toBe(10);
    expect(asked).toMatchObject({ lstat: 20, open: 0 });
    expect(asked.listed).toBeLessThan(500);
  });

  test('stops when nobody wants it any more, and leaves nothing open', async () => {
    const into = folders.empty();
    for (let n = 0; n < 2000; n++) put(join(into, String(n)));
    const { asked, options } = counted();
    const entries = Array.from({ length: 5000 }, (_, n) => file(String(n)));
    const isWanted = (): boolean => asked.open === 0;
    expect(await plan(into, entries, { ...options, isWanted })).toBeNull();
    expect(asked.listed).toBeGreaterThan(0);
    expect(asked).toMatchObject({ lstat: 0, open: 0 });
  });
});
