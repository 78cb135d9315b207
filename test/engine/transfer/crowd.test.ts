import { expect, test } from 'vitest';
import { firstToGo, firstTooMuch, networkOf } from '../../../electron/engine/transfer/crowd.ts';
import { MAX_LIST_MEMORY_BYTES, MAX_LISTS_MEMORY_BYTES } from '../../../shared/protocol/limits.ts';

/** Who gives way where there are too many: never a newcomer, never who is alone at an address. */

test.each([
  ['10.0.0.7', '10.0.0.7'],
  ['2001:db8:0:1::7', '2001:db8:0:1::/64'],
  ['2001:0db8:0000:0001:aa:bb:cc:dd', '2001:db8:0:1::/64'],
  ['2001:DB8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fd00::', 'fd00:0:0:0::/64'],
  ['fe80::7%eth0', 'fe80::7%eth0'],
  ['2001:db8:0:1::/64', '2001:db8:0:1::/64'],
  ['', ''],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('the oldest of the address with the most gives way', () => {
  const crowd = ['a1', 'b1', 'b2', 'c1', 'b3', 'c2'];
  expect(firstToGo(crowd, (one) => one.slice(0, 1))).toBe('b1');
  expect(firstToGo([], String)).toBeUndefined();
});

test('what weighs too much together loses the oldest of the busiest address, and never who weighs nothing', () => {
  const crowd = [
    { id: 1, address: '10.0.0.1', bytes: 0 },
    { id: 2, address: '10.0.0.1', bytes: 0 },
    { id: 3, address: '10.0.0.2', bytes: 40 },
    { id: 4, address: '10.0.0.3', bytes: 30 },
    { id: 5, address: '10.0.0.3', bytes: 30 },
  ];
  const first = (mostBytes: number) =>
    firstTooMuch(
      crowd,
      mostBytes,
      ({ bytes }) => bytes,
      ({ address }) => address,
    )?.id;
  expect(first(100)).toBeUndefined();
  expect(first(99)).toBe(4);
});

test('of the largest lists two find room at once, and a third does not', () => {
  const lists = [1, 2, 3].map((id) => ({ id, address: `10.0.0.${id}` }));
  const first = (count: number) =>
    firstTooMuch(
      lists.slice(0, count),
      MAX_LISTS_MEMORY_BYTES,
      () => MAX_LIST_MEMORY_BYTES,
      ({ address }) => address,
    )?.id;
  expect([first(1), first(2), first(3)]).toEqual([undefined, undefined, 1]);
});
