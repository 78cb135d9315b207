import { expect, test } from 'vitest';
import { SendOffer } from '../../../electron/engine/transfer/send-offer.ts';
import { LiveRows } from '../../../electron/engine/transfer/sent-rows.ts';
import { EntryList } from '../../../shared/protocol/entry-list.ts';
import type { Entries } from '../../../shared/protocol/messages.ts';
import { TRANSFER_ID } from '../../support/memory-tree.ts';

test('what is asked of an offer again and again does not go through all that it lists', async () => {
  const list = EntryList.of([
    { kind: 'directory', path: ['d'] },
    { kind: 'file', path: ['d', 'a'], bytes: 3 },
    { kind: 'directory', path: ['d', 'empty'] },
    { kind: 'file', path: ['d', 'b'], bytes: 4 },
  ]);
  let passes = 0;
  const entries: Entries = {
    length: list.length,
    at: (index) => list.at(index),
    entries: () => (passes++, list.entries()),
    [Symbol.iterator]: () => (passes++, list[Symbol.iterator]()),
  };
  const source = { entries, open: () => Promise.reject(new Error()), close: () => undefined };
  const items = [{ name: 'd', kind: 'folder' as const }];
  const leftOut = { count: 0, examples: [] };
  const offer = await SendOffer.of({ source, items, itemCount: 1, leftOut }, TRANSFER_ID);
  passes = 0;
  const totals = { files: 2, directories: 2, bytes: 7 };
  expect(offer.message).toMatchObject(totals);
  expect(offer.preparedEvent(TRANSFER_ID)).toMatchObject({ totals });
  expect(passes).toBe(0);
  offer.states.failed(2, 'NO_PERMISSION');
  offer.states.failed(3, 'NO_PERMISSION');
  expect([...new LiveRows(source, offer.states).indexes]).toEqual([1, 3, 2]);
  expect(passes).toBe(1);
});
