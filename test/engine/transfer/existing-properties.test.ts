import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExistingChoice } from '../../../shared/model/plan.ts';
import { EXISTING_CHOICES } from '../../../shared/model/plan.ts';
import { BrittleDisk } from '../../support/brittle-disk.ts';
import type { Tree } from '../../support/meeting.ts';
import { Meeting, TOKEN, oldTime } from '../../support/meeting.ts';

/**
 * If these fail, a file that somebody had is gone after they received another of its name, or half a file
 * stands under a name.
 */

const PATHS = ['a', 'b.txt', 'd', 'd/a', 'd/e', 'd/e/f', 'd/e/g.txt', 'd/h/i', 'k/l'];
/** Two of each size: files are told by what they hold. */
const TEXTS = ['', 'one', 'two', 'three', 'seven', null] as const;

/** Any of the paths, where a file has nothing below it. */
const tree: fc.Arbitrary<Tree> = fc
  .dictionary(fc.constantFrom(...PATHS), fc.constantFrom(...TEXTS), { minKeys: 1, maxKeys: 7 })
  .map((paths) => {
    const found = new Map<string, string | null>();
    for (const path of PATHS) {
      const text = paths[path];
      if (text === undefined) continue;
      const on = path
        .split('/')
        .slice(0, -1)
        .map((_, at, all) => all.slice(0, at + 1).join('/'));
      if (on.some((above) => typeof found.get(above) === 'string')) continue;
      found.set(path, text);
    }
    return found;
  })
  .filter((found) => found.size > 0);

interface Case {
  readonly there: Tree;
  readonly offered: Tree;
  readonly choice: ExistingChoice;
  readonly withLinks: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  there: tree,
  offered: tree,
  choice: fc.constantFrom(...EXISTING_CHOICES),
  withLinks: fc.boolean(),
});

const isHidden = (path: string): boolean => path.startsWith('.dropline-');
const isKept = (path: string): boolean => path.startsWith('.dropline-undo-');

/**
 * Whatever happens, at any moment: what was there is there, and what has a name is whole. `leftEmpty`: a
 * placeholder was made and could not be written to.
 */
function nothingIsLost(
  meeting: Meeting,
  { there, offered, choice }: Case,
  leftEmpty = false,
): void {
  const files = meeting.files();
  for (const [path, text] of there) {
    if (text === null) continue;
    const old = { text, seconds: oldTime(path) };
    const isItself = JSON.stringify(files.get(path)) === JSON.stringify(old);
    if (isItself) continue;
    expect(choice, `${path} is not what it was`).toBe('replace');
    const kept = [...files].filter(([at]) => isKept(at)).map(([, file]) => file);
    expect(kept, `${path} is not kept`).toContainEqual(old);
  }
  const whole = new Set([...there.values(), ...offered.values(), ...(leftEmpty ? [''] : [])]);
  for (const [path, { text }] of files) {
    const isPlaceholder = text === `dropline ${TOKEN}\n`;
    if (!isHidden(path) && !isPlaceholder) expect(whole, path).toContain(text);
  }
}

/** When all is done: everything that was offered is there once, under its name or a number beside it. */
function allArrived(meeting: Meeting, { there, offered }: Case): void {
  const files = meeting.files();
  for (const [path, text] of offered) {
    if (text === null) continue;
    const pattern = path
      .split('/')
      .map((name) => name.replace(/^(.*?)(\.txt)?$/, '$1( \\(\\d+\\))*$2'))
      .join('/');
    const found = [...files].filter(([at]) => new RegExp(`^${pattern}$`).test(at));
    expect(
      found.map(([, file]) => file.text),
      path,
    ).toContain(text);
  }
  const names = [...files.keys()].filter((path) => isHidden(path) && !isKept(path));
  expect(names).toEqual([]);
  const old = [...there.values()].filter((text) => text !== null).length;
  const come = [...offered.values()].filter((text) => text !== null).length;
  const { replaced, identical } = meeting.delivery!.met.counts;
  expect(files.size).toBe(old + come - identical);
  expect([...files.keys()].filter(isKept)).toHaveLength(replaced);
}

function bytesToSend({ there, offered, choice }: Case): number {
  let bytes = 0;
  for (const [path, text] of offered) {
    const isSame = choice !== 'keepBoth' && there.get(path) === text;
    bytes += isSame ? 0 : (text?.length ?? 0);
  }
  return bytes;
}

async function isAllRestored(meeting: Meeting, { there }: Case): Promise<void> {
  const received = [...meeting.files()].filter(([path]) => !isKept(path)).map(([, file]) => file);
  const files = (): Map<string, unknown> => meeting.files();
  await meeting.undo().catch((error: unknown) => {
    if ((error as { code?: string }).code !== 'NOTHING_TO_UNDO') throw error;
  });
  for (const [path, text] of there) {
    if (text !== null) expect(files().get(path)).toEqual({ text, seconds: oldTime(path) });
  }
  for (const file of received) expect([...files().values()]).toContainEqual(file);
  expect([...files().keys()].filter(isKept)).toEqual([]);
}

async function within(one: Case, run: (meeting: Meeting) => Promise<void>): Promise<void> {
  const disk = new BrittleDisk(one.withLinks);
  const meeting = new Meeting(one.there, one.offered, one.choice, disk);
  try {
    await run(meeting);
  } finally {
    meeting.remove();
  }
}

/** Goes on after a death until all is there. */
async function toTheEnd(meeting: Meeting): Promise<void> {
  if ((await meeting.readReceipt())?.facts.some(({ record }) => record === 'done')) return;
  const delivery = (await meeting.restart()) ?? (await meeting.accept());
  await meeting.send(delivery);
  await meeting.finish(delivery);
}

test('whatever comes and whatever is there, all of both is there in the end, and undo brings back what was', async () => {
  await fc.assert(
    fc.asyncProperty(cases, (one) =>
      within(one, async (meeting) => {
        const delivery = await meeting.accept();
        await meeting.send(delivery);
        await meeting.finish(delivery);
        nothingIsLost(meeting, one);
        allArrived(meeting, one);
        await isAllRestored(meeting, one);
      }),
    ),
    { numRuns: 60 },
  );
});

test('what is the same costs no byte on the wire, and what differs is sent once', async () => {
  await fc.assert(
    fc.asyncProperty(cases, (one) =>
      within(one, async (meeting) => {
        const delivery = await meeting.accept();
        await meeting.send(delivery);
        expect(meeting.sentBytes).toBe(bytesToSend(one));
        await meeting.delivery!.close();
      }),
    ),
    { numRuns: 40 },
  );
});

test('cut anywhere and started again, it comes to the same', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.array(fc.nat({ max: 25 }), { maxLength: 3 }), (one, cuts) =>
      within(one, async (meeting) => {
        let delivery = await meeting.accept();
        for (const cut of cuts) {
          await meeting.send(delivery, cut);
          await delivery.close();
          nothingIsLost(meeting, one);
          delivery = (await meeting.restart())!;
        }
        await meeting.send(delivery);
        await meeting.finish(delivery);
        nothingIsLost(meeting, one);
        allArrived(meeting, one);
        await isAllRestored(meeting, one);
      }),
    ),
    { numRuns: 40 },
  );
});

test('a program that dies at any step loses nothing, and goes on when it starts again', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.nat({ max: 400 }), fc.boolean(), (one, failsAt, dies) =>
      within(one, async (meeting) => {
        const { disk } = meeting;
        Object.assign(disk, { failsAt, dies });
        try {
          const delivery = await meeting.accept();
          await meeting.send(delivery);
          await meeting.finish(delivery);
        } catch {
          await meeting.delivery?.suspend();
        }
        nothingIsLost(meeting, one, disk.leftEmpty);
        await toTheEnd(meeting);
        nothingIsLost(meeting, one, disk.leftEmpty);
        // what could not be read once may have come a second time
        if (dies && !disk.leftEmpty) allArrived(meeting, one);
      }),
    ),
    { numRuns: 80 },
  );
});

test('an undo that fails or dies at any step loses nothing, and does the rest when it is asked again', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.nat({ max: 80 }), fc.boolean(), (one, failsAt, dies) =>
      within({ ...one, choice: 'replace' }, async (meeting) => {
        const delivery = await meeting.accept();
        await meeting.send(delivery);
        await meeting.finish(delivery);
        const disk = new BrittleDisk(one.withLinks);
        Object.assign(disk, { failsAt, dies });
        await meeting.undo(disk).catch(() => undefined);
        disk.bury();
        nothingIsLost(meeting, { ...one, choice: 'replace' });
        await isAllRestored(meeting, one);
      }),
    ),
    { numRuns: 60 },
  );
});

test('where there are links, a name that is replaced is never missing', async () => {
  await fc.assert(
    fc.asyncProperty(cases, (one) =>
      within({ ...one, choice: 'replace', withLinks: true }, async (meeting) => {
        const delivery = await meeting.accept();
        const names = [...meeting.files().keys()].filter((path) => !isHidden(path));
        meeting.disk.onChange = () => {
          const now = meeting.files();
          for (const name of names) expect(now.has(name), name).toBe(true);
        };
        await meeting.send(delivery);
        await meeting.finish(delivery);
        await isAllRestored(meeting, one);
      }),
    ),
    { numRuns: 60 },
  );
});

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
