import { expect, test } from 'vitest';
import { AskedOfWindow } from '../../electron/desktop/asked.ts';
import type { Asked, Selection } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';

const selection: Selection = { selectionId: 'a'.repeat(32), items: [], itemCount: 1 };

function askedOf(picked: readonly string[] = []) {
  const sent: Asked[] = [];
  let forwards = 0;
  const asked = new AskedOfWindow({
    send: (one) => sent.push(one),
    forward: () => {
      forwards += 1;
    },
    stagePaths: ([path]) =>
      path === '/gone'
        ? Promise.reject(new DroplineError('PATH_NOT_FOUND', { path }))
        : Promise.resolve(selection),
    pick: () => Promise.resolve(picked),
  });
  return { asked, sent, forwards: () => forwards };
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
