import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Case } from '../../support/existing-cases.ts';
import {
  allArrived,
  isAllRestored,
  isHidden,
  nothingIsLost,
  toTheEnd,
  within,
} from '../../support/existing-cases.ts';
import type { Meeting } from '../../support/meeting.ts';

/**
 * If these fail, a file that somebody had is gone after they received another of its name, or half a file
 * stands under a name.
 */

const REPLACED: Case = {
  there: new Map([
    ['a', 'one'],
    ['d/e/f', 'two'],
    ['d/a', ''],
  ]),
  offered: new Map([
    ['a', 'three'],
    ['d/a', 'seven'],
    ['d/e/f', ''],
    ['d/h/i', 'one'],
  ]),
  choice: 'replace',
  withLinks: true,
};

/** The program ends with that step of the disk. true: it came to its end before. */
async function runsUntil(failsAt: number, meeting: Meeting): Promise<boolean> {
  Object.assign(meeting.disk, { failsAt, dies: true });
  try {
    const delivery = await meeting.accept();
    await meeting.send(delivery);
    await meeting.finish(delivery);
    return true;
  } catch {
    await meeting.delivery?.suspend();
    return false;
  }
}

test.each([
  ['with links', true],
  ['without links', false],
])('each step of replacing can be the last, %s', async (_what, withLinks) => {
  const one = { ...REPLACED, withLinks };
  let steps = Infinity;
  for (let failsAt = 0; failsAt < steps; failsAt++) {
    await within(one, async (meeting) => {
      const { disk } = meeting; // of the run that ends there: a later one has its own
      if (await runsUntil(failsAt, meeting)) steps = disk.count;
      nothingIsLost(meeting, one);
      await toTheEnd(meeting);
      nothingIsLost(meeting, one);
      if (disk.leftEmpty) return; // nobody can tell whose that is
      allArrived(meeting, one);
      await isAllRestored(meeting, one);
    });
  }
  expect(steps).toBeGreaterThan(50);
});

test('without links: an empty file of somebody under the name is theirs, whatever the last step was', async () => {
  const one: Case = {
    there: new Map(),
    offered: new Map([['a', 'three']]),
    choice: 'keepBoth',
    withLinks: false,
  };
  let steps = Infinity;
  let placeholders = 0;
  for (let failsAt = 0; failsAt < steps; failsAt++) {
    await within(one, async (meeting) => {
      if (await runsUntil(failsAt, meeting)) steps = meeting.disk.count;
      const found = meeting.files().get('a')?.text;
      if (found === 'three') return;
      if (found !== undefined && found !== '') placeholders++;
      writeFileSync(join(meeting.directory, 'a'), '');
      await toTheEnd(meeting);
      const visible = [...meeting.files()].filter(([path]) => !isHidden(path));
      expect(visible.map(([path, { text }]) => [path, text]).sort()).toEqual([
        ['a (2)', 'three'],
        ['a', ''],
      ]);
    });
  }
  expect(placeholders).toBeGreaterThan(0);
});
