import { beforeEach, expect, test } from 'vitest';
import { PromptNotices } from '../../electron/desktop/prompt-notices.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { aPairing, aSnapshot, anOffer } from './samples.ts';

const NAMES = new Set(['Anna', 'Ben', 'Cleo']);
let isWatching = false;
let onScreen: string[] = [];
let presented = 0;
let notices: PromptNotices;

const first = anOffer({ id: '1'.repeat(32) as TransferId, peerName: 'Anna' });
const second = anOffer({ id: '2'.repeat(32) as TransferId, peerName: 'Ben' });
const show = (...transfers: (typeof first)[]) => {
  notices.update(aSnapshot({ transfers }));
};

beforeEach(() => {
  isWatching = false;
  onScreen = [];
  presented = 0;
  notices = new PromptNotices({
    isWatching: () => isWatching,
    present: ({ title }) => {
      const who = title.split(' ').find((word) => NAMES.has(word)) ?? title;
      presented += 1;
      onScreen.push(who);
      return { close: () => (onScreen = onScreen.filter((name) => name !== who)) };
    },
  });
});

test('an offer is shown once, however often it is reported', () => {
  show(first);
  show(first);
  expect(onScreen).toEqual(['Anna']);
  expect(presented).toBe(1);
});

test('each offer has its own notice', () => {
  show(first);
  show(second, first);
  expect(onScreen).toEqual(['Anna', 'Ben']);
});

test('nothing is shown to someone who looks at the window', () => {
  isWatching = true;
  show(first);
  isWatching = false;
  show(first);
  expect(presented).toBe(0);
});

test('the notice goes when the offer is answered or withdrawn', () => {
  show(first, second);
  show(second, { ...first, phase: 'finishing' });
  expect(onScreen).toEqual(['Ben']);
  show();
  expect(onScreen).toEqual([]);
});

test('what we send is no offer to us', () => {
  show({ ...first, direction: 'send' });
  expect(presented).toBe(0);
});

test('a code is shown until it is answered, and not beside an offer of the same device', () => {
  const code = aPairing;
  notices.update(aSnapshot({ pairings: [{ ...code, code: null, phase: 'connecting' }] }));
  expect(onScreen).toEqual([]);
  notices.update(aSnapshot({ pairings: [code] }));
  notices.update(aSnapshot({ pairings: [{ ...code, phase: 'matchedThere' }] }));
  expect([onScreen, presented]).toEqual([['Cleo'], 1]);
  notices.update(aSnapshot({ pairings: [{ ...code, phase: 'matchedHere' }] }));
  expect(onScreen).toEqual([]);
  const peerId = first.peer.id;
  notices.update(aSnapshot({ transfers: [first], pairings: [{ ...code, peerId }] }));
  expect(onScreen).toEqual(['Anna']);
});

test('every notice goes when the program ends', () => {
  show(first, second);
  notices.stop();
  expect(onScreen).toEqual([]);
});
