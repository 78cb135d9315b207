import { beforeEach, expect, test } from 'vitest';
import { OfferNotices } from '../../electron/desktop/offer-notices.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { aSnapshot, anOffer } from './samples.ts';

let isWatching = false;
let onScreen: string[] = [];
let presented = 0;
let notices: OfferNotices;

const first = anOffer({ id: '1'.repeat(32) as TransferId, peerName: 'Anna' });
const second = anOffer({ id: '2'.repeat(32) as TransferId, peerName: 'Ben' });
const show = (...transfers: (typeof first)[]) => {
  notices.update(aSnapshot({ transfers }));
};

beforeEach(() => {
  isWatching = false;
  onScreen = [];
  presented = 0;
  notices = new OfferNotices({
    isWatching: () => isWatching,
    present: ({ peer }) => {
      presented += 1;
      onScreen.push(peer.name);
      return { close: () => (onScreen = onScreen.filter((name) => name !== peer.name)) };
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

test('every notice goes when the program ends', () => {
  show(first, second);
  notices.stop();
  expect(onScreen).toEqual([]);
});
