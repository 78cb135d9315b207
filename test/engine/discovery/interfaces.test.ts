import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InterfaceTable } from '../../../electron/engine/discovery/interfaces.ts';
import { selectLinks } from '../../../electron/engine/discovery/interfaces.ts';
import { originOf } from '../../../shared/protocol/origin.ts';
import { ipv4, ipv6, LOOPBACK, ONE_CARD } from './fake-network.ts';

const TABLE: InterfaceTable = {
  ...LOOPBACK,
  eth0: [ipv4('192.168.1.5'), ipv4('10.9.0.5', 16), ipv6('fe80::5'), ipv6('fd00::5')],
  wlan0: [ipv4('172.20.0.7', 28)],
};

/** Windows names a zone by its number. */
const ZONE = process.platform === 'win32' ? '7' : 'eth0';

function select(selector: string | null, table: InterfaceTable = TABLE) {
  const links = selectLinks(selector, table);
  if ('code' in links) throw new Error(links.code);
  return links;
}

describe('which interfaces are used', () => {
  it('takes every one that leads somewhere, once a family, when none is named', () => {
    expect(select(null).links).toEqual([
      { name: 'eth0', family: 'IPv4', socketAddress: '192.168.1.5' },
      { name: 'eth0', family: 'IPv6', socketAddress: `::%${ZONE}` },
      { name: 'wlan0', family: 'IPv4', socketAddress: '172.20.0.7' },
    ]);
  });

  it('falls back to loopback on a machine without a network', () => {
    expect(select(null, LOOPBACK).links.map((link) => link.socketAddress)).toEqual(['127.0.0.1']);
  });

  it('knows one by its name or by any of its addresses', () => {
    expect(select('wlan0').links.map((link) => link.name)).toEqual(['wlan0']);
    expect(select('10.9.0.5').links.map((link) => link.socketAddress)).toEqual(['10.9.0.5']);
    expect(select(`fe80::5%${ZONE}`).links.map((link) => link.socketAddress)).toEqual([
      `::%${ZONE}`,
    ]);
    for (const loopback of ['lo', '127.0.0.1']) {
      expect(select(loopback).links.map((link) => link.socketAddress)).toEqual(['127.0.0.1']);
    }
  });

  it('says so when there is no such one', () => {
    for (const unknown of ['eth7', '192.168.1.6', '', 'constructor']) {
      const expected = { code: 'ADDRESS_UNAVAILABLE', details: { address: unknown } };
      expect(selectLinks(unknown, TABLE)).toEqual(expected);
    }
  });

  it('hears only who is near', () => {
    const { isNear } = select('eth0');
    for (const address of [
      '192.168.1.77',
      '10.9.200.1',
      '169.254.3.4',
      `fe80::9%${ZONE}`,
      'fd00::1',
    ]) {
      expect([address, isNear(address)]).toEqual([address, true]);
    }
    for (const address of [
      '192.168.2.1',
      '127.0.0.1',
      '8.8.8.8',
      'fe80::9%wlan0',
      '2001:db8::1',
      'x',
    ]) {
      expect([address, isNear(address)]).toEqual([address, false]);
    }
  });

  it('hears nobody but this machine on loopback', () => {
    const { isNear } = select('127.0.0.1');
    expect(isNear('127.0.0.1')).toBe(true);
    expect(isNear('192.168.1.5')).toBe(false);
    expect(isNear('169.254.3.4')).toBe(false);
  });

  it('hears and tries nobody on the internet, whatever is announced', () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    const said = fc.oneof(
      octets.map((bytes) => bytes.join('.')),
      octets.map((bytes) => `::ffff:${bytes.join('.')}`),
      fc.ipV6(),
      fc.ipV6().map((address) => `${address}%eth0`),
      fc.string(),
    );
    const table = { ...TABLE, tun0: [{ ...ipv4('198.51.100.7'), cidr: '198.51.100.7/0' }] };
    const { isNear, isElsewhere } = select(null, table);
    fc.assert(
      fc.property(said, (address) => {
        if (isNear(address) || isElsewhere(address)) {
          expect(originOf(address, () => table)).not.toBe('elsewhere');
        }
      }),
    );
  });

  it('tries no address that is our own, on the internet, or no address', () => {
    const { isElsewhere } = select(null, ONE_CARD);
    expect(['192.168.1.6', '10.0.0.1', '172.31.0.1', 'fd00::9'].filter(isElsewhere)).toHaveLength(
      4,
    );
    const not = [
      '192.168.1.5',
      '127.0.0.1',
      '::1',
      '8.8.8.8',
      '224.0.0.1',
      '0.0.0.0',
      'fe80::1',
      '::ffff:192.168.1.5',
      '0:0::ffff:c0a8:106',
      'a',
    ];
    expect(not.filter(isElsewhere)).toEqual([]);
  });
});
