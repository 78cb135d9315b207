import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_COMPONENT_BYTES,
  MAX_ENTRIES,
  MAX_PATH_BYTES,
  MAX_PATH_DEPTH,
} from '../../../shared/protocol/limits.ts';
import { sha256 } from '../../../shared/protocol/sha256.ts';
import type { NamedEntry, NamePlatform } from '../../../shared/protocol/wire-path.ts';
import {
  collisionKey,
  numberedName,
  planNames,
  planPath,
} from '../../../shared/protocol/wire-path.ts';

const PLATFORMS = ['linux', 'mac', 'win'] as const satisfies readonly NamePlatform[];

interface Row {
  readonly id: string;
  readonly parts: readonly string[];
  readonly expect: Readonly<Record<NamePlatform, 'A' | 'M' | 'R'>>;
  readonly savedAs: Readonly<Record<NamePlatform, readonly string[] | null>>;
  readonly why: string;
}

function rowsOf(file: string): readonly Row[] {
  const url = new URL(`../../corpus/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as readonly Row[];
}

const given = rowsOf('names.json');
const more = rowsOf('names-more.json');
const rows = [...given, ...more];

const hostile = fc.constantFrom(
  ...rows.flatMap((row) => row.parts),
  ...[
    '\u202e',
    '\u200d',
    '\ufe0f',
    '\u3000',
    '.',
    ' ',
    '/',
    '\\',
    ':',
    '\0',
    '\ud800',
    '~1',
    'con',
  ],
  ...[
    'é'.repeat(130),
    'x'.repeat(300),
    '.dropline-',
    'A',
    'a',
    ' (2)',
    '\u0301',
    '\u200b',
    '\u0130',
  ],
);
const anyName = fc.oneof(
  { weight: 3, arbitrary: hostile },
  { weight: 3, arbitrary: fc.array(hostile, { maxLength: 4 }).map((parts) => parts.join('')) },
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
);
const anyPlatform = fc.constantFrom(...PLATFORMS);
const anyEntry = fc.record({
  path: fc.array(anyName, { maxLength: 4 }),
  kind: fc.constantFrom('file' as const, 'directory' as const),
});

const UNSAFE =
  /[/\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
const WINDOWS_UNSAFE = /[:<>"|?*]|[. ]$|^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)/i;

function expectStorable(name: string, platform: NamePlatform): void {
  expect(name).not.toMatch(UNSAFE);
  expect(name).not.toMatch(/^[. ]*$/);
  expect(name.toLowerCase()).not.toMatch(/^\.dropline-/);
  if (platform === 'win') expect(name).not.toMatch(WINDOWS_UNSAFE);
  if (platform === 'mac') expect(name).not.toContain(':');
  const size = platform === 'linux' ? Buffer.byteLength(name) : name.length;
  expect(size).toBeLessThanOrEqual(255);
}

function file(...path: readonly string[]): NamedEntry {
  return { path, kind: 'file' };
}

function directory(...path: readonly string[]): NamedEntry {
  return { path, kind: 'directory' };
}

function savedNames(platform: NamePlatform, ...entries: readonly NamedEntry[]): readonly string[] {
  const plan = planNames(entries, platform);
  return plan.ok ? plan.saved.map((path) => path.join('/')) : [`refused: ${plan.reason}`];
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

  it('knows the rows that were given and forty of our own, none twice', () => {
    expect(given.length).toBe(70);
    expect(more.length).toBeGreaterThanOrEqual(40);
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
    expect(planPath([], 'mac')).toEqual({ ok: false, reason: 'EMPTY_PATH' });
  });

  it('saves only what can be stored, and what it saved once it leaves alone', () => {
    fc.assert(
      fc.property(fc.array(anyName, { maxLength: 5 }), anyPlatform, (parts, platform) => {
        const plan = planPath(parts, platform);
        if (!plan.ok) return;
        expect(plan.saved.length).toBe(parts.length);
        for (const name of plan.saved) expectStorable(name, platform);
        expect(planPath(plan.saved, platform)).toEqual(plan);
      }),
      { numRuns: 1000 },
    );
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
      expect(new Set(plan.ok ? plan.saved.flat() : []).size).toBe(2);
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
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 30 }), anyPlatform, (entries, platform) => {
        const plan = planNames(entries, platform);
        const first = entries.findIndex((entry) => !planPath(entry.path, platform).ok);
        if (!plan.ok) {
          expect(plan.index).toBeLessThan(entries.length);
          expect(first === -1 || plan.index <= first).toBe(true);
          return;
        }
        expect(first).toBe(-1);
        const places = plan.saved.map((path) =>
          path.map((name) => collisionKey(name, platform)).join('/'),
        );
        expect(new Set(places).size).toBe(entries.length);
        for (const [index, path] of plan.saved.entries()) {
          expect(path.length).toBe(entries[index]?.path.length);
          for (const name of path) expectStorable(name, platform);
        }
        expect(planNames(entries, platform)).toEqual(plan);
      }),
      { numRuns: 1000 },
    );
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
        const keys = plan.ok ? plan.saved.map(([name = '']) => collisionKey(name, platform)) : [];
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

  it('numbers a hundred thousand names of one place without trying every number for each', () => {
    // told apart on the wire, mapped alike
    const bits = (n: number) =>
      n.toString(2).padStart(17, '0').replaceAll('0', ':').replaceAll('1', '?');
    const one = Array.from({ length: MAX_ENTRIES }, (_, n) => file(`${bits(n)}.txt`));
    const plan = planNames(one, 'win');
    expect(plan.ok && plan.saved.at(-1)).toEqual([`${'_'.repeat(17)} (100000).txt`]);

    // cut where the number goes, they become alike
    const tail = (n: number) => String(n).padStart(6, '0');
    const near = Array.from({ length: MAX_ENTRIES }, (_, n) =>
      file(`${'x'.repeat(248)}${tail(n >> 1)}${n % 2 === 0 ? '?' : '*'}`),
    );
    const cut = planNames(near, 'win');
    expect(cut.ok && new Set(cut.saved.map(([name]) => name)).size).toBe(MAX_ENTRIES);
  });
});

describe('numberedName', () => {
  it('numbers a file before its extension and a folder at its end', () => {
    expect(numberedName('report.pdf', 2, 'file')).toBe('report (2).pdf');
    expect(numberedName('x.tar.gz', 3, 'file')).toBe('x.tar (3).gz');
    expect(numberedName('.bashrc', 2, 'file')).toBe('.bashrc (2)');
    expect(numberedName('..x', 2, 'file')).toBe('..x (2)');
    expect(numberedName('.env.local', 2, 'file')).toBe('.env (2).local');
    expect(numberedName('Dr. Who and the rest', 2, 'file')).toBe('Dr. Who and the rest (2)');
    expect(numberedName('end.', 2, 'file')).toBe('end. (2)');
    expect(numberedName('v1.2', 2, 'directory')).toBe('v1.2 (2)');
  });

  it('stays storable where the name was, and never equals it', () => {
    const kinds = fc.constantFrom('file' as const, 'directory' as const);
    fc.assert(
      fc.property(anyName, anyPlatform, kinds, fc.nat(1e6), (name, platform, kind, n) => {
        const plan = planPath([name], platform);
        const [saved] = plan.ok ? plan.saved : [];
        if (saved === undefined) return;
        const numbered = numberedName(saved, n + 2, kind);
        expectStorable(numbered, platform);
        expect(numbered).toContain(` (${String(n + 2)})`);
        expect(planPath([numbered], platform)).toEqual({ ok: true, saved: [numbered] });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('collisionKey', () => {
  it('folds case by no language, and composition, on the systems that do', () => {
    const same = (a: string, b: string) => collisionKey(a, 'mac') === collisionKey(b, 'mac');
    expect(same('ΟΔΟΣ', 'οδος')).toBe(true);
    expect(same('οδοσ', 'οδος')).toBe(true);
    expect(same('\u212a', 'k')).toBe(true);
    expect(same('\u017f', 'S')).toBe(true);
    expect(same('I', 'i')).toBe(true);
    expect(same('I', '\u0131')).toBe(false);
    expect(same('\u0130', 'i')).toBe(false);
    expect(same('ß', 'ss')).toBe(false);
    expect(same('\ufb01le', 'file')).toBe(false);
    expect(same('.g\u200cit', '.git')).toBe(true);
    expect(collisionKey('A', 'linux')).not.toBe(collisionKey('a', 'linux'));
  });

  it('is one for a name and every way to write it', () => {
    fc.assert(
      fc.property(anyName, fc.constantFrom('mac' as const, 'win' as const), (name, platform) => {
        const key = collisionKey(name, platform);
        expect(collisionKey(name.normalize('NFD'), platform)).toBe(key);
        expect(collisionKey(key, platform)).toBe(key);
      }),
    );
  });
});

describe('sha256', () => {
  it('agrees with the platform for any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(Buffer.from(sha256(bytes)).toString('hex')).toBe(
          createHash('sha256').update(bytes).digest('hex'),
        );
      }),
    );
  });
});
