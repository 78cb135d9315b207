import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { tooBigFor } from '../../../electron/engine/transfer/offer-tree.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { ALL_WANTED } from '../../../electron/engine/transfer/unwanted-entries.ts';
import { MAX_PLAN_EXAMPLES } from '../../../shared/model/plan.ts';
import { planNames } from '../../../shared/protocol/wire-path.ts';
import { Folders, directory, file, plan, planned, put } from '../../support/planning.ts';

/**
 * If these fail, a person says yes to what then does not fit, is left out without a word, or is not found
 * again under the name it got.
 */

const GIB = 1024 ** 3;
const folders = new Folders();
afterAll(() => folders.remove());

describe('names that have to change', () => {
  test('are counted once however much lies below them, and told from what to what', async () => {
    const below = Array.from({ length: 30 }, (_, n) => file(`al:bum/sub|/${n}`));
    const entries = [directory('al:bum'), ...below, file('what?.txt')];
    const { renamed } = await planned(folders.empty(), entries, { platform: 'win' });
    expect(renamed).toEqual({
      count: 3,
      examples: [
        { from: 'al:bum', to: 'al_bum' },
        { from: 'al:bum/sub|', to: 'al_bum/sub_' },
        { from: 'what?.txt', to: 'what_.txt' },
      ],
    });
  });

  test('are as many as the plan of names says, with few examples', async () => {
    const part = fc.constantFrom('a', 'a:', 'A', 'b?', 'con', 'c');
    const path = fc.array(part, { minLength: 1, maxLength: 4 });
    const paths = fc.uniqueArray(path, { selector: (p) => p.join('/'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(paths, fc.constantFrom('linux', 'mac', 'win'), async (list, platform) => {
        const parents = new Set(
          list.flatMap((p) => p.slice(0, -1).map((_, n) => p.slice(0, n + 1).join('/'))),
        );
        const entries = list.filter((p) => !parents.has(p.join('/'))).map((p) => file(p.join('/')));
        const names = planNames(entries, platform);
        const { renamed } = await planned(folders.root, entries, { platform });
        expect(renamed.count).toBe(names.ok ? names.renamed : -1);
        expect(renamed.examples).toHaveLength(Math.min(renamed.count, MAX_PLAN_EXAMPLES));
      }),
    );
  });
});

describe('the disk', () => {
  const statfs = (free: number, blocks: number, type = 0xef53): Partial<FileSystem> => ({
    statfsSync: (() => ({ bavail: free, bsize: 1, blocks, type })) as never,
  });

  test.each([
    ['all of it but a byte of the reserve', 100 * GIB, 10 + GIB - 1, GIB, false],
    ['all of it and the reserve', 100 * GIB, 10 + GIB, GIB, true],
    ['all of it and a twentieth of a small disk', 1000, 60, 50, true],
    ['one byte less of a small disk', 1000, 59, 50, false],
  ])('that has room for %s', async (_, blocks, freeBytes, reserveBytes, fits) => {
    const disk = statfs(freeBytes, blocks);
    const found = await planned(folders.empty(), [file('a', 10)], { disk });
    expect(found).toMatchObject({ freeBytes, reserveBytes, fits });
  });

  test('needs no room again for what an earlier attempt left there', async () => {
    const disk = statfs(30 + 50, 1000);
    const options = { disk, heldBytes: 70 };
    const found = await planned(folders.empty(), [file('a', 100)], options);
    expect(found).toMatchObject({ bytes: 30, fits: true });
    expect(await planned(folders.empty(), [file('a', 50)], options)).toMatchObject({ bytes: 0 });
  });

  test('that is FAT holds no file of 4 GiB, which is neither new nor needs room', async () => {
    const into = folders.empty();
    put(join(into, 'film'));
    const entries = [file('film', 4 * GIB), file('dir/largest', 4 * GIB - 1), file('small', 5)];
    const disk = statfs(6 * GIB, 100 * GIB, 0x4d44);
    const found = await planned(into, entries, { disk });
    expect(found.tooBig).toEqual({ count: 1, examples: ['film'], limitBytes: 4 * GIB - 1 });
    expect(found).toMatchObject({ files: 2, bytes: 4 * GIB + 4, fits: true });
    expect(found.existing.count).toBe(0);
    expect(tooBigFor(entries, ALL_WANTED, found.tooBig.limitBytes)).toEqual([
      { index: 0, code: 'FILE_TOO_BIG' },
    ]);
  });

  test('of which no limit is known holds any file', async () => {
    const entries = [file('film', 5 * GIB)];
    const { tooBig } = await planned(folders.empty(), entries);
    expect(tooBig).toEqual({ count: 0, examples: [], limitBytes: null });
    expect(tooBigFor(entries, ALL_WANTED, null)).toEqual([]);
  });

  test.each(['statfsSync', 'lstatSync'] as const)(
    'that fails at %s makes no plan',
    async (operation) => {
      const fail = (): never => {
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      };
      expect(await plan(folders.empty(), [file('a')], { disk: { [operation]: fail } })).toBeNull();
    },
  );

  test('that is not there makes no plan', async () => {
    expect(await plan(join(folders.root, 'nowhere'), [file('a')])).toBeNull();
  });
});
