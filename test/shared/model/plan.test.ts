import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExistingChoices, Plan } from '../../../shared/model/plan.ts';
import {
  EXISTING_CHOICES,
  MAX_PLAN_ITEMS,
  bytesToWrite,
  choiceFor,
  existingChoicesSchema,
  hasDetails,
  missingBytes,
  newFiles,
} from '../../../shared/model/plan.ts';
import { settingsPatchSchema } from '../../../shared/model/settings.ts';
import { planFacts } from '../../../shared/text/plan-facts.ts';
import { SOME_THERE, everythingAtOnce, plan } from '../../support/plans.ts';

/** What a plan means, and what a window may say about names that are taken. */

const choice = fc.constantFrom(...EXISTING_CHOICES);
const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty'),
);

test('a choice for a name is that one, whatever the name, and else the one for all', () => {
  const chosen = fc.uniqueArray(fc.tuple(name, choice), {
    selector: ([n]) => n,
    maxLength: MAX_PLAN_ITEMS,
  });
  fc.assert(
    fc.property(choice, chosen, name, (forAll, entries, other) => {
      // as it comes over a socket
      const json = JSON.stringify({ forAll, items: Object.fromEntries(entries) });
      const choices = existingChoicesSchema.parse(JSON.parse(json));
      for (const [key, value] of entries) expect(choiceFor(choices, key)).toBe(value);
      const isNamed = entries.some(([key]) => key === other);
      if (!isNamed) expect(choiceFor(choices, other)).toBe(forAll);
    }),
  );
});

test.each([
  ['no choice', { forAll: 'overwrite', items: {} }],
  ['no choice for a name', { forAll: 'replace', items: { a: 'delete' } }],
  ['a list', { forAll: 'replace', items: ['replace'] }],
  ['nothing', { forAll: 'replace' }],
  ['a name without end', { forAll: 'replace', items: { ['x'.repeat(2000)]: 'replace' } }],
  [
    'more than was shown',
    {
      forAll: 'replace',
      items: Object.fromEntries(
        Array.from({ length: MAX_PLAN_ITEMS + 1 }, (_, n) => [n, 'replace']),
      ),
    },
  ],
])('choices that are %s are refused', (_, input) => {
  expect(existingChoicesSchema.safeParse(input).success).toBe(false);
});

test('only identical files that are skipped need no room, each by the choice for its item', () => {
  const sizes = fc.array(fc.tuple(fc.nat(1000), fc.option(choice)), { maxLength: 5 });
  fc.assert(
    fc.property(choice, sizes, fc.nat(1000), fc.nat(1000), (forAll, items, unseen, fresh) => {
      const named = items.map(([sameBytes, own], n) => ({ name: `item ${n}`, sameBytes, own }));
      const existing: Plan['existing'] = {
        ...SOME_THERE,
        sameBytes: named.reduce((sum, { sameBytes }) => sum + sameBytes, unseen),
        items: named.map((item) => ({ ...item, kind: 'file', sameSizeAndTime: 1, differs: 0 })),
      };
      const choices: ExistingChoices = {
        forAll,
        items: Object.fromEntries(
          named.flatMap((item) => (item.own === null ? [] : [[item.name, item.own]])),
        ),
      };
      const kept = named.filter(({ own }) => (own ?? forAll) !== 'skipIdentical');
      const unseenKept = forAll === 'skipIdentical' ? 0 : unseen;
      const bytes = fresh + existing.sameBytes;
      expect(bytesToWrite(plan({ bytes, existing }), choices)).toBe(
        kept.reduce((sum, { sameBytes }) => sum + sameBytes, fresh + unseenKept),
      );
    }),
  );
});

test('what is missing is what would eat into the reserve, and nothing needs no room', () => {
  const room = { freeBytes: 100, reserveBytes: 30 };
  expect([0, 70, 71, 500].map((bytes) => missingBytes(room, bytes))).toEqual([0, 0, 1, 430]);
  expect(missingBytes({ freeBytes: 10, reserveBytes: 30 }, 0)).toBe(0);
});

test('each file is told of once: as new, as there, or as too big', () => {
  expect(newFiles(everythingAtOnce)).toBe(314 - 40 - 1);
  expect(
    planFacts(everythingAtOnce).map(({ key, count }) => [key.split('.').at(-1), count]),
  ).toEqual([
    ['new', 273],
    ['same', 40],
    ['differs', 1],
    ['renamed', 2],
    ['tooBig', 1],
  ]);
  expect(hasDetails(everythingAtOnce)).toBe(true);
});

test('a folder whose name is taken is told of although none of its files is there', () => {
  const there = plan({
    files: 3,
    existing: { ...SOME_THERE, count: 1, sameSizeAndTime: 0, differs: 0 },
  });
  expect(planFacts(there)).toEqual([
    { key: 'window.plan.new', count: 3 },
    { key: 'window.plan.taken', count: 1 },
  ]);
  expect(hasDetails(there)).toBe(true);
  expect(hasDetails(plan())).toBe(false);
});

test('a change of one setting says nothing of the others', () => {
  for (const patch of [{}, { port: 1 }, { deviceName: 'Ada' }, { existing: 'replace' }]) {
    expect(settingsPatchSchema.parse(patch)).toEqual(patch);
  }
});
