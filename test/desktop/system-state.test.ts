import { expect, test } from 'vitest';
import { standingOf } from '../../electron/desktop/standing.ts';
import { SystemState } from '../../electron/desktop/system-state.ts';
import { dockMenu, standingWords, trayMenu } from '../../electron/desktop/tray-menu.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { aPairing, aSnapshot, anOffer } from './samples.ts';

/** What the tray, the task bar and the dock show of a running program. */

const totals = { files: 1, directories: 0, bytes: 1_000 };
const flow = { bytesPerSecond: 1, remainingMs: null, limitedBy: null, files: 0 };

function moving(bytes: number, id = 'a'): Transfer {
  const { plan: _, ...offer } = anOffer({
    id: id.repeat(32) as Transfer['id'],
    totals,
  }) as Transfer & {
    phase: 'offered';
  };
  return { ...offer, phase: 'transferring', bytes, ...flow };
}

const paused = (bytes: number): Transfer =>
  ({ ...moving(bytes), phase: 'paused', by: 'us' }) as Transfer;

test('how far everything is counts all that moves, and nothing that waits', () => {
  const transfers = [moving(250), moving(750, 'b'), anOffer({ direction: 'receive' })];
  expect(standingOf({ transfers, pairings: [aPairing] })).toEqual({
    underWay: 2,
    fraction: 0.5,
    isPaused: false,
    waiting: 2,
  });
  expect(standingOf({ transfers: [], pairings: [] })).toMatchObject({
    underWay: 0,
    fraction: null,
  });
  expect(standingOf({ transfers: [paused(500)], pairings: [] }).isPaused).toBe(true);
  // a peer may claim less than it sends
  expect(standingOf({ transfers: [moving(5_000)], pairings: [] }).fraction).toBe(1);
});

test('it is said in one line, and what waits for the person comes first', () => {
  const idle = { underWay: 0, fraction: null, isPaused: false, waiting: 0 };
  expect(standingWords(idle)).toBe('Nothing under way');
  expect(standingWords({ ...idle, underWay: 2, fraction: 0.42 })).toBe(
    '2 transfers under way: 42%',
  );
  expect(standingWords({ ...idle, underWay: 2, waiting: 1 })).toBe('1 thing waits for your answer');
});

test('the tray and the dock do what they say', () => {
  const done: string[] = [];
  const note = (what: string) => () => void done.push(what);
  const actions = {
    open: note('open'),
    sendFiles: note('files'),
    sendFolder: note('folder'),
    showFolder: note('show'),
    setVisibility: (visibility: string) => void done.push(visibility),
    quit: note('quit'),
  };
  const standing = standingOf({ transfers: [], pairings: [] });
  const items = trayMenu(standing, { visibility: 'paired' }, actions);
  const all = items.flatMap((item) => [item, ...(item.submenu ?? [])]);
  for (const { click } of all) click?.();
  expect(done).toEqual(['open', 'files', 'folder', 'show', 'everyone', 'paired', 'hidden', 'quit']);
  expect(all.filter(({ checked }) => checked).map(({ label }) => label)).toEqual([
    'Paired devices only',
  ]);
  expect(dockMenu(actions)).toHaveLength(3);
});

test('the system hears what has changed, and nothing twice', () => {
  const told: unknown[] = [];
  const state = new SystemState({
    showStanding: ({ fraction }) => told.push(fraction),
    setTheme: (theme) => told.push(theme),
    setOpenAtLogin: (isOn) => told.push(isOn),
  });
  const { settings } = aSnapshot();
  const at = (bytes: number, more: Partial<typeof settings> = {}) =>
    state.update(aSnapshot({ transfers: [moving(bytes)], settings: { ...settings, ...more } }));
  at(100);
  expect(told.splice(0)).toEqual([0.1, 'system']);
  // less than is drawn
  at(101);
  at(109);
  expect(told.splice(0)).toEqual([]);
  at(120, { theme: 'dark', openAtLogin: true });
  expect(told.splice(0)).toEqual([0.12, 'dark', true]);
  at(120, { openAtLogin: false });
  expect(told.splice(0)).toEqual(['system', false]);
});
