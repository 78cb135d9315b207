import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BrittleDisk } from '../../support/brittle-disk.ts';
import type { Case } from '../../support/existing-cases.ts';
import {
  allArrived,
  cases,
  isAllRestored,
  isHidden,
  nothingIsLost,
  toTheEnd,
  within,
} from '../../support/existing-cases.ts';

/**
 * If these fail, a file that somebody had is gone after they received another of its name, or half a file
 * stands under a name.
 */

function bytesToSend({ there, offered, choice }: Case): number {
  let bytes = 0;
  for (const [path, text] of offered) {
    const isSame = choice !== 'keepBoth' && there.get(path) === text;
    bytes += isSame ? 0 : (text?.length ?? 0);
  }
  return bytes;
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
