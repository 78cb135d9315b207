import { expect, test } from 'vitest';
import { firstToGo, networkOf } from '../../../electron/engine/transfer/crowd.ts';

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
