import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_COMPONENT_BYTES,
  MAX_ENTRIES,
  MAX_PATH_BYTES,
  MAX_PATH_DEPTH,
} from '../../../shared/protocol/limits.ts';
import type { NamedEntry, NamePlatform } from '../../../shared/protocol/wire-path.ts';
import { collisionKey, planNames, planPath } from '../../../shared/protocol/wire-path.ts';
import { anyPlatform, given, more, PLATFORMS, rows } from '../../support/hostile-names.ts';
import { namesHold, pathsHold } from '../../support/names-hold.ts';

function file(...path: readonly string[]): NamedEntry {
  return { path, kind: 'file' };
}

function directory(...path: readonly string[]): NamedEntry {
  return { path, kind: 'directory' };
}

function savedNames(platform: NamePlatform, ...entries: readonly NamedEntry[]): readonly string[] {
  const plan = planNames(entries, platform);
  return plan.ok ? [...plan.saved].map((path) => path.join('/')) : [`refused: ${plan.reason}`];
}

describe('planPath', () => {
  it.each(rows)('does with $id what the corpus says: $why', (row) => {
    for (const platform of PLATFORMS) {
      const plan = planPath(row.parts, platform);
      const saved = plan.ok ? plan.saved : null;
      expect(saved).toEqual(row.savedAs[platform]);
      const same = JSON.stringify(saved) === JSON.stringify(row.parts);
      expect(saved === null ? 'R' : same ? 'A' : 'M').toBe(row.expect[platform]);
    }
  });

  it('knows the rows that were given and a hundred of our own, none twice', () => {
    expect(given.length).toBe(70);
    expect(more.length).toBeGreaterThanOrEqual(100);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    expect(new Set(rows.map((row) => JSON.stringify(row.parts))).size).toBe(rows.length);
  });

  it('takes a path up to each limit and none beyond', () => {
    const deep = (depth: number) => Array.from({ length: depth }, () => 'd');
    expect(planPath(deep(MAX_PATH_DEPTH), 'linux').ok).toBe(true);
    expect(planPath(deep(MAX_PATH_DEPTH + 1), 'linux')).toEqual({ ok: false, reason: 'TOO_DEEP' });
    expect(planPath(['é'.repeat(MAX_COMPONENT_BYTES / 2)], 'linux').ok).toBe(true);
    const long = `${'é'.repeat(MAX_COMPONENT_BYTES / 2)}x`;
    expect(planPath([long], 'linux')).toEqual({ ok: false, reason: 'TOO_LONG' });
    const wide = Array.from({ length: 4 }, () => 'x'.repeat(MAX_PATH_BYTES / 4 - 1));
    expect(planPath([...wide.slice(1), `${wide[0] ?? ''}x`], 'win').ok).toBe(true);
    const wider = [...wide.slice(2), `${wide[0] ?? ''}x`, `${wide[0] ?? ''}x`];
    expect(planPath(wider, 'win')).toEqual({ ok: false, reason: 'PATH_TOO_LONG' });
    const twoBytes = Array.from({ length: 3 }, () => 'é'.repeat(MAX_COMPONENT_BYTES / 2));
    expect(planPath([...twoBytes, 'é'.repeat(510)], 'mac').ok).toBe(true);
    const tooLong = planPath([...twoBytes, 'é'.repeat(511)], 'mac');
    expect(tooLong).toEqual({ ok: false, reason: 'PATH_TOO_LONG' });
    expect(planPath([], 'mac')).toEqual({ ok: false, reason: 'EMPTY_PATH' });
  });

  it('saves only what can be stored, and what it saved once it leaves alone', () => {
    fc.assert(pathsHold, { numRuns: 1000 });
  });

  it('leaves ordinary names of any script byte for byte', () => {
    const ordinary = fc
      .array(
        fc.constantFrom('a', 'Z', '7', 'é', 'e\u0301', 'ß', '語', 'م', 'я', '👩‍👧', '❤️', '-', '_'),
        {
          minLength: 1,
          maxLength: 12,
        },
      )
      .map((letters) => letters.join(''));
    fc.assert(
      fc.property(ordinary, anyPlatform, (name, platform) => {
        expect(planPath([name], platform)).toEqual({ ok: true, saved: [name] });
      }),
    );
  });

  it('keeps two long names apart that differ only where they are cut', () => {
    const long = (end: string) => `${'x'.repeat(400)}${end}.txt`;
    for (const platform of PLATFORMS) {
      expect(savedNames(platform, file(long('a')), file(long('b')))[1]).toMatch(
        /^x+~[0-9a-f]{8}\.txt$/,
      );
      const plan = planNames([file(long('a')), file(long('b'))], platform);
      expect(new Set(plan.ok ? [...plan.saved].flat() : []).size).toBe(2);
    }
  });

  it('cuts between letters and not inside them', () => {
    const family = '👩‍👩‍👧‍👦';
    const plan = planPath([family.repeat(30)], 'linux');
    expect(plan.ok && plan.saved[0]).toMatch(new RegExp(`^(${family}){9}~[0-9a-f]{8}$`, 'u'));
    const accents = planPath([`a${'\u0301\u0316'.repeat(200)}`], 'mac');
    expect(accents.ok && accents.saved[0]?.length).toBe(255);
  });
});

describe('planNames', () => {
  it('keeps apart what one file system takes for one name', () => {
    expect(savedNames('linux', file('a.txt'), file('A.txt'))).toEqual(['a.txt', 'A.txt']);
    for (const platform of ['mac', 'win'] as const) {
      expect(savedNames(platform, file('a.txt'), file('A.txt'))).toEqual(['a.txt', 'A (2).txt']);
      expect(savedNames(platform, file('na\u00efve'), file('nai\u0308ve'))).toEqual([
        'na\u00efve',
        'nai\u0308ve (2)',
      ]);
      expect(savedNames(platform, file('straße'), file('STRASSE'))).toEqual(['straße', 'STRASSE']);
    }
    expect(savedNames('win', file('a?b'), file('a*b'), file('a:b'), file('a_b'))).toEqual([
      'a_b',
      'a_b (2)',
      'a_b (3)',
      'a_b (4)',
    ]);
  });

  it('lets what lies in a directory follow its new name', () => {
    expect(
      savedNames(
        'win',
        file('CON', 'x.txt'),
        directory('con'),
        file('con', 'x.txt'),
        directory('CON'),
      ),
    ).toEqual(['_CON/x.txt', '_con (2)', '_con (2)/x.txt', '_CON']);
    expect(savedNames('mac', directory('v1.2'), file('V1.2', 'a'))).toEqual(['v1.2', 'V1.2 (2)/a']);
  });

  it('does not give a number that the offer uses itself', () => {
    expect(savedNames('mac', file('a (2)'), file('a'), file('A'), file('A (3)'))).toEqual([
      'a (2)',
      'a',
      'A (3)',
      'A (3) (2)',
    ]);
  });

  it('refuses a path that comes twice and a file that is also a directory', () => {
    const refused = (...entries: readonly NamedEntry[]) => planNames(entries, 'linux');
    const twice = { ok: false, index: 1, reason: 'DUPLICATE' };
    const both = { ok: false, index: 1, reason: 'FILE_AND_DIRECTORY' };
    expect(refused(file('a'), file('a'))).toEqual(twice);
    expect(refused(directory('a'), directory('a'))).toEqual(twice);
    expect(refused(file('a'), directory('a'))).toEqual(both);
    expect(refused(directory('a'), file('a'))).toEqual(both);
    expect(refused(file('a'), file('a', 'b'))).toEqual(both);
    expect(refused(file('a', 'b'), file('a'))).toEqual(both);
    expect(refused(file('ok'), file('..', 'b'))).toEqual({ ok: false, index: 1, reason: 'BLANK' });
  });

  it('takes a directory before, after or without what lies in it', () => {
    expect(savedNames('linux', file('a', 'b'), directory('a'), file('a', 'c'))).toEqual([
      'a/b',
      'a',
      'a/c',
    ]);
  });

  it('counts a changed name once, however much lies below it', () => {
    const plan = planNames(
      [file('a:b', 'x'), file('a:b', 'y'), file('a:b', 'q?'), file('z')],
      'win',
    );
    expect(plan.ok && plan.renamed).toBe(2);
    const quiet = planNames([file('a', 'x'), directory('b')], 'win');
    expect(quiet.ok && quiet.renamed).toBe(0);
  });

  it('treats names that objects have as names', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    expect(savedNames('win', ...names.map((name) => file(name, name)))).toEqual(
      names.map((name) => `${name}/${name}`),
    );
  });

  it('never gives two entries one place, and never throws', () => {
    fc.assert(namesHold, { numRuns: 1000 });
  });

  it('plans legal offers: the property above is not about refusals only', () => {
    const legal = fc
      .constantFrom(
        'a',
        'A',
        'b.txt',
        'B.txt',
        'b (2).txt',
        'q?',
        'q*',
        'é',
        'e\u0301',
        'x'.repeat(300),
      )
      .map((name) => [name]);
    fc.assert(
      fc.property(fc.uniqueArray(legal, { selector: String }), anyPlatform, (paths, platform) => {
        const plan = planNames(
          paths.map((path) => file(...path)),
          platform,
        );
        const keys = [...(plan.ok ? plan.saved : [])].map(([name = '']) =>
          collisionKey(name, platform),
        );
        expect(new Set(keys).size).toBe(paths.length);
      }),
    );
  });

  it('refuses more entries than an offer may have before it plans any', () => {
    const entries = Array.from({ length: MAX_ENTRIES + 1 }, () => file('..'));
    expect(planNames(entries, 'linux')).toEqual({
      ok: false,
      index: MAX_ENTRIES,
      reason: 'TOO_MANY',
    });
  });

  it('counts directories that only lie on a path as names of the offer', () => {
    const deep = (count: number) =>
      Array.from({ length: count }, (_, n) =>
        file('t', String(n), ...Array.from({ length: 61 }, () => 'a'), 'f'),
      );
    // t itself, then 63 names for each file
    const fits = Math.floor((MAX_ENTRIES - 1) / 63);
    expect(planNames(deep(fits), 'linux').ok).toBe(true);
    expect(planNames(deep(fits + 1), 'linux')).toEqual({
      ok: false,
      index: fits,
      reason: 'TOO_MANY',
    });
  });

  it('takes as many entries as an offer may have, each directory listed', () => {
    const listed: NamedEntry[] = Array.from({ length: MAX_ENTRIES / 2 }, (_, n) => [
      { kind: 'directory' as const, path: [String(n)] },
      { kind: 'file' as const, path: [String(n), 'f'] },
    ]).flat();
    expect(planNames(listed, 'linux').ok).toBe(true);
    expect(planNames([...listed.slice(1)], 'linux').ok).toBe(true);
  });

  it('numbers a hundred thousand names of one place without trying every number for each', () => {
    // told apart on the wire, mapped alike
    const bits = (n: number) =>
      n.toString(2).padStart(17, '0').replaceAll('0', ':').replaceAll('1', '?');
    const one = Array.from({ length: MAX_ENTRIES }, (_, n) => file(`${bits(n)}.txt`));
    const plan = planNames(one, 'win');
    expect(plan.ok && plan.saved.at(MAX_ENTRIES - 1)).toEqual([`${'_'.repeat(17)} (100000).txt`]);

    // cut where the number goes, they become alike
    const tail = (n: number) => String(n).padStart(6, '0');
    const near = Array.from({ length: MAX_ENTRIES }, (_, n) =>
      file(`${'x'.repeat(248)}${tail(n >> 1)}${n % 2 === 0 ? '?' : '*'}`),
    );
    const cut = planNames(near, 'win');
    expect(cut.ok && new Set([...cut.saved].map(([name]) => name)).size).toBe(MAX_ENTRIES);
  });
});
