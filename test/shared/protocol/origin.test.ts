import fc from 'fast-check';
import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import type { InterfaceAddresses } from '../../../shared/protocol/origin.ts';
import { originOf } from '../../../shared/protocol/origin.ts';
import { ipv4, ipv6, LOOPBACK } from '../../engine/discovery/fake-network.ts';

const TABLE: InterfaceAddresses = {
  ...LOOPBACK,
  eth0: [ipv4('203.0.113.20', 28), ipv6('2001:db8:5::20', 64), ipv6('fe80::20', 64)],
};

const origin = (address: string) => originOf(address, () => TABLE);

test.each([
  ['loopback', ['127.0.0.1', '127.200.3.4', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1']],
  ['linkLocal', ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'febf::9%12', '::ffff:169.254.1.1']],
  ['private', ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.9.9']],
  ['private', ['100.64.0.1', '100.127.255.255', 'fc00::1', 'fdff::1', '::ffff:c0a8:101']],
  ['onLink', ['203.0.113.16', '203.0.113.31', '2001:db8:5::1', '::ffff:203.0.113.30']],
  ['elsewhere', ['203.0.113.15', '203.0.113.32', '2001:db8:6::1', '8.8.8.8', '::ffff:8.8.8.8']],
  ['elsewhere', ['172.15.255.255', '172.32.0.1', '192.167.1.1', '11.0.0.1', '100.128.0.1']],
  // translated, tunnelled or deprecated: whose they are their last bits do not prove
  ['elsewhere', ['64:ff9b::a00:1', '2002:a00:1::1', '::10.0.0.1', 'fec0::1', '224.0.0.1', '::']],
  ['elsewhere', ['', 'x', '10.0.0', '10.0.0.1.', '%eth0', ' 10.0.0.1', '010.0.0.1', '[::1]']],
])('%s: %j', (expected, addresses) => {
  expect(addresses.map(origin)).toEqual(addresses.map(() => expected));
});

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));

/** The same said in another way. */
function isNearByItself([a, b]: readonly number[]): boolean {
  if (a === 10 || a === 127) return true;
  if (a === 100) return b! >= 64 && b! <= 127;
  if (a === 172) return b! >= 16 && b! <= 31;
  return (a === 169 && b === 254) || (a === 192 && b === 168);
}

const numberOf = (bytes: readonly number[]) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

test('an IPv4 address is near by itself, or on the network of a card, and nothing else is', () => {
  const near = fc.constantFrom<[number, number][]>(
    [10, 0],
    [100, 64],
    [169, 254],
    [172, 20],
    [192, 168],
  );
  const some = fc.oneof(
    octets,
    fc.tuple(near, octets).map(([[a, b], [, , c, d]]) => [a, b, c, d]),
  );
  fc.assert(
    fc.property(some, octets, fc.integer({ min: 1, max: 32 }), (bytes, card, prefix) => {
      const table = { eth0: [ipv4(card.join('.'), prefix)] };
      const block = 2 ** (32 - prefix);
      const onLink = Math.floor(numberOf(bytes) / block) === Math.floor(numberOf(card) / block);
      const found = originOf(bytes.join('.'), () => table);
      expect(found !== 'elsewhere').toBe(isNearByItself(bytes) || onLink);
    }),
  );
});

test('an IPv4 address inside an IPv6 one is judged as that', () => {
  fc.assert(
    fc.property(octets, (bytes) => {
      const [a, b, c, d] = bytes;
      const plain = bytes.join('.');
      const hex = `::ffff:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
      expect([`::ffff:${plain}`, hex].map(origin)).toEqual([origin(plain), origin(plain)]);
    }),
  );
});

test('what is on the network of a card is near, whatever is appended after a %', () => {
  const group = fc.nat(0xffff).map((n) => n.toString(16));
  fc.assert(
    fc.property(
      fc.tuple(group, group, group, group),
      fc.stringMatching(/^[a-z0-9]*$/),
      (g, zone) => {
        expect(origin(`2001:db8:5:0:${g.join(':')}%${zone}`)).toBe('onLink');
        expect(origin(`2001:db8:5:1:${g.join(':')}%${zone}`)).toBe('elsewhere');
      },
    ),
  );
});

test('it reads the addresses that the system reads', () => {
  const text = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.stringMatching(/^[0-9a-f:.]*$/),
    fc.array(fc.constantFrom('::', ':', '0', 'ff', '1.2.3.4', '.', '256', '01'), { maxLength: 12 }),
  );
  const table = { all: ['0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1'].map(cardOf) };
  fc.assert(
    fc.property(text, (said) => {
      const address = typeof said === 'string' ? said : said.join('');
      expect(originOf(address, () => table) !== 'elsewhere').toBe(isIP(address) !== 0);
    }),
    { numRuns: 2_000 },
  );
});

const cardOf = (cidr: string) => ({ address: cidr.split('/')[0] ?? '', cidr });

test('no text makes it throw, or is near without being an address', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.%]*$/)), (text) => {
      if (origin(text) !== 'elsewhere') expect(text).toMatch(/^[0-9a-fA-F.:]+(%.*)?$/s);
    }),
  );
});

test('a card whose prefix is not known, or none, makes nobody near', () => {
  for (const cidr of [null, '203.0.113.20/0', 'x', '203.0.113.20/x']) {
    const table = { eth0: [{ ...ipv4('203.0.113.20'), cidr }] };
    expect(originOf('8.8.8.8', () => table)).toBe('elsewhere');
  }
});

test('a card of a tunnel through the internet makes nobody near', () => {
  for (const [own, other] of [
    ['2002:c000:0204::1/16', '2002:808:808::1'],
    ['2001:0:4136:e378::5/32', '2001:0:53aa:64c::7'],
  ] as const) {
    expect(originOf(other, () => ({ tunnel: [cardOf(own)] }))).toBe('elsewhere');
  }
  expect(originOf('2001:db8::2', () => ({ eth0: [cardOf('2001:db8::1/64')] }))).toBe('onLink');
});

test('the interfaces are asked for only where an address does not tell by itself', () => {
  const never = (): InterfaceAddresses => {
    throw new Error('asked');
  };
  expect(['127.0.0.1', 'fe80::1%x', '10.1.1.1'].map((a) => originOf(a, never))).toHaveLength(3);
});
