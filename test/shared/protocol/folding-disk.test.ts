import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planNames } from '../../../shared/protocol/wire-path.ts';
import { FoldingDisk } from '../../support/folding-disk.ts';
import { anyName, rows } from '../../support/hostile-names.ts';

/** If one of these fails: on Windows or a Mac one file of an offer is written over another one. */

const SYSTEMS = ['win', 'mac'] as const;
const twins = fc.constantFrom(
  'a',
  'A',
  'é',
  'e\u0301',
  'É',
  'ß',
  'SS',
  '\u212a',
  'k',
  'K',
  'σ',
  'ς',
  'Σ',
);
const name = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(twins, { minLength: 1, maxLength: 3 }).map((part) => part.join('')),
  },
  { weight: 1, arbitrary: anyName },
);
const entries = fc.array(
  fc.record({
    path: fc.array(name, { minLength: 1, maxLength: 3 }),
    kind: fc.constantFrom('file' as const, 'directory' as const),
  }),
  { maxLength: 25 },
);

test.each(SYSTEMS)('no two entries meet on a disk that folds like %s', (system) => {
  let planned = 0;
  fc.assert(
    fc.property(entries, (offer) => {
      const plan = planNames(offer, system);
      if (!plan.ok) return;
      planned += 1;
      const disk = new FoldingDisk(system);
      offer.forEach(({ kind }, index) => {
        if (kind === 'directory') disk.put(plan.saved.at(index) ?? [], kind);
      });
      offer.forEach(({ kind }, index) => {
        if (kind === 'file') disk.put(plan.saved.at(index) ?? [], kind);
      });
    }),
    { numRuns: 1_000 },
  );
  expect(planned).toBeGreaterThan(100);
});

test.each(SYSTEMS)('the whole corpus fits beside itself in other letters on %s', (system) => {
  const legal = rows.filter((row) => row.expect[system] !== 'R').map(({ parts }) => parts);
  const spellings = legal.flatMap((parts) => [
    parts,
    parts.map((part) => part.toUpperCase()),
    parts.map((part) => part.normalize('NFD')),
  ]);
  const offer = [...new Map(spellings.map((path) => [path.join('/'), path])).values()].map(
    (path) => ({ path: ['all', ...path], kind: 'file' as const }),
  );
  const fitting = offer.filter((entry) => planNames([entry], system).ok);
  const seen = new Set<string>();
  // a file of one row may be a folder of another: those would be refused, not met
  const alone = fitting.filter(({ path }) => {
    if (path.length > 2 || seen.has(path.join('/'))) return false;
    seen.add(path.join('/'));
    return true;
  });
  const plan = planNames(alone, system);
  expect(plan.ok).toBe(true);
  const disk = new FoldingDisk(system);
  if (plan.ok) for (const path of plan.saved) disk.put(path, 'file');
  expect(alone.length).toBeGreaterThan(100);
});

test('the disk does tell: names that it takes for one another do meet', () => {
  for (const [one, two] of [
    ['a', 'A'],
    ['é', 'É'],
  ] as const) {
    const disk = new FoldingDisk('win');
    disk.put([one], 'file');
    expect(() => disk.put([two], 'file')).toThrow('meets');
  }
  const mac = new FoldingDisk('mac');
  mac.put(['é'], 'file');
  expect(() => mac.put(['e\u0301'], 'file')).toThrow('meets');
});
