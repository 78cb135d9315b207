import { expect, test } from 'vitest';
import { Incoming } from '../../../electron/engine/transfer/incoming.ts';
import { MAX_OFFERED_LISTS } from '../../../electron/engine/transfer/offered-lists.ts';
import { OfferIds } from '../../../electron/engine/transfer/offer-ids.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { entriesOfTree, offerOf } from '../../support/memory-tree.ts';
import { usedBytes } from '../../support/used-bytes.ts';

/** If one of these fails, a yes to what a person was shown reaches what came in its place. */

const PEER = 'a'.repeat(64) as PeerId;
const entries = entriesOfTree([{ path: ['a.txt'], content: new Uint8Array(9) }]);

function offered(transferId: TransferId, entriesKey: string, peerId = PEER): Incoming {
  const session = { connection: { peerId } };
  const offer = { offer: { ...offerOf(entries), transferId } };
  return new Incoming(session as never, offer as never, [], entriesKey);
}

test('what stands before a person keeps its id, however much is offered meanwhile', () => {
  const none = { ownerOf: () => null, isUnderWay: () => false, receiptHeader: () => null };
  const ids = new OfferIds(none, () => []);
  const shown = offered('0'.repeat(32) as TransferId, 'shown');
  expect(ids.standsFor(shown, 'shown', undefined)).toBe(true);
  for (let n = 1; n <= MAX_OFFERED_LISTS + 1; n++) {
    const id = `f${n.toString(16).padStart(31, '0')}` as TransferId;
    const other = offered(id, 'other');
    expect(ids.standsFor(other, 'other', undefined)).toBe(true);
  }
  expect(ids.standsFor(offered(shown.transferId, 'bait'), 'bait', shown)).toBe(false);
  expect(ids.standsFor(offered(shown.transferId, 'shown'), 'shown', shown)).toBe(true);
});

test('what stood before a person keeps its id when it has ended, for a click that is on its way', () => {
  const none = { ownerOf: () => null, isUnderWay: () => false, receiptHeader: () => null };
  const ids = new OfferIds(none, () => []);
  const shown = offered('0'.repeat(32) as TransferId, 'shown');
  expect(ids.standsFor(shown, 'shown', undefined)).toBe(true);
  for (let n = 1; n <= MAX_OFFERED_LISTS + 1; n++) {
    const id = `f${n.toString(16).padStart(31, '0')}` as TransferId;
    ids.standsFor(offered(id, 'other'), 'other', undefined);
  }
  ids.ended(shown);
  expect(ids.standsFor(offered(shown.transferId, 'bait'), 'bait', undefined)).toBe(false);
});

test('twenty thousand transfers leave less than two megabytes behind', () => {
  const none = { ownerOf: () => null, isUnderWay: () => false, receiptHeader: () => null };
  const ids = new OfferIds(none, () => []);
  // each has strings of its own, as what comes by a wire does
  const nth = (n: number): Incoming => {
    const key = Buffer.from(n.toString(16).padStart(64, '0')).toString();
    const id = Buffer.from(key.slice(32)).toString() as TransferId;
    return offered(id, key, Buffer.from(PEER).toString() as PeerId);
  };
  const before = usedBytes();
  for (let n = 1; n <= 20_000; n++) {
    const one = nth(n);
    if (!ids.standsFor(one, one.entriesKey, undefined)) throw new Error('not news');
  }
  const leftBytes = usedBytes() - before;
  expect(ids.standsFor(nth(20_000), 'bait', undefined)).toBe(false);
  expect(leftBytes).toBeLessThan(2_000_000);
});
