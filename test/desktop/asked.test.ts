import { expect, test } from 'vitest';
import { AskedOfWindow } from '../../electron/desktop/asked.ts';
import type { Asked, Selection } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';

const selection: Selection = { selectionId: 'a'.repeat(32), items: [], itemCount: 1 };

function askedOf(picked: readonly string[] = []) {
  const sent: Asked[] = [];
  const staged: (readonly string[])[] = [];
  let forwards = 0;
  let nowMs = 0;
  const asked = new AskedOfWindow({
    send: (one) => sent.push(one),
    forward: () => {
      forwards += 1;
    },
    stagePaths: (paths) => {
      staged.push(paths);
      const [path] = paths;
      return path === '/gone'
        ? Promise.reject(new DroplineError('PATH_NOT_FOUND', { path }))
        : Promise.resolve(selection);
    },
    pick: () => Promise.resolve(picked),
    nowMs: () => nowMs,
  });
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { asked, sent, staged, wait, forwards: () => forwards };
}

test('what is asked before the page is there is told when it is', async () => {
  const { asked, sent } = askedOf();
  await asked.stage(['/a']);
  asked.show('settings');
  expect(sent).toEqual([]);
  asked.watch();
  expect(sent).toEqual([
    { kind: 'staged', selection },
    { kind: 'place', place: 'settings' },
  ]);
  // a page that is loaded anew hears nothing twice
  asked.watch();
  expect(sent).toHaveLength(2);
});

test('what cannot be staged says why, in the window', async () => {
  const { asked, sent, forwards } = askedOf();
  asked.watch();
  await asked.stage(['/gone']);
  const failure = { code: 'PATH_NOT_FOUND', details: { path: '/gone' } };
  expect(sent).toEqual([{ kind: 'failed', failure }]);
  expect(forwards()).toBe(1);
});

test('no files only bring the window forward, and so does a dialog that is closed', async () => {
  const { asked, sent, forwards } = askedOf();
  asked.watch();
  await asked.stage([]);
  await asked.pick('files');
  expect(sent).toEqual([]);
  expect(forwards()).toBe(2);
  const other = askedOf(['/a']);
  other.asked.watch();
  await other.asked.pick('folder');
  expect(other.sent).toEqual([{ kind: 'staged', selection }]);
});

test('a selection that comes by two starts is one, and what is handed over later is another', async () => {
  const { asked, sent, staged, wait } = askedOf();
  asked.watch();
  // as Thunar does: the folders by one start, the files by another
  await Promise.all([asked.stageStarted(['/folder']), asked.stageStarted(['/a', '/b'])]);
  wait(500);
  await asked.stageStarted(['/b', '/c']);
  wait(2_000);
  await asked.stageStarted(['/d']);
  expect(staged).toEqual([
    ['/folder'],
    ['/folder', '/a', '/b'],
    ['/folder', '/a', '/b', '/c'],
    ['/d'],
  ]);
  expect(sent).toHaveLength(4);
});

test('what is staged last is told last, however long the one before takes', async () => {
  const told: string[] = [];
  let resolve: (selection: Selection) => void = () => undefined;
  const slow = new Promise<Selection>((settle) => {
    resolve = settle;
  });
  const asked = new AskedOfWindow({
    send: (one) => told.push(one.kind === 'staged' ? one.selection.selectionId : one.kind),
    forward: () => undefined,
    stagePaths: (paths) =>
      paths.length === 1 ? slow : Promise.resolve({ ...selection, selectionId: 'both' }),
    pick: () => Promise.resolve([]),
    nowMs: () => 0,
  });
  asked.watch();
  const both = [asked.stageStarted(['/a']), asked.stageStarted(['/b'])];
  resolve({ ...selection, selectionId: 'one' });
  await Promise.all(both);
  expect(told).toEqual(['one', 'both']);
});

test('what is chosen in a dialog, or comes in one piece, is not added to what a start was given', async () => {
  const { asked, staged } = askedOf(['/chosen']);
  await asked.stageStarted(['/a']);
  await asked.pick('files');
  await asked.stageStarted(['/b']);
  await asked.stage(['/c']);
  await asked.stageStarted(['/d']);
  expect(staged).toEqual([['/a'], ['/chosen'], ['/b'], ['/c'], ['/d']]);
});

test('what could not be staged is not tried again with the next', async () => {
  const { asked, staged } = askedOf();
  await asked.stageStarted(['/gone']);
  await asked.stageStarted(['/a']);
  expect(staged).toEqual([['/gone'], ['/a']]);
});

test('a start without files brings the window forward, and what waits goes on waiting', async () => {
  const { asked, staged, forwards } = askedOf();
  asked.watch();
  await asked.stageStarted(['/a']);
  const before = forwards();
  await asked.stageStarted([]);
  expect(forwards()).toBe(before + 1);
  expect(staged).toEqual([['/a']]);
});
