import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { wayFrom } from '../../../electron/engine/transfer/way-out.ts';

/** If these fail, something is sent over a network that a person has ruled out. */

const info = (cidr: string, internal = false): NetworkInterfaceInfo => {
  const [address = ''] = cidr.split('/');
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return {
    address,
    cidr,
    family,
    internal,
    mac: '',
    netmask: '',
    scopeid: 0,
  };
};

const TABLE = {
  lo: [info('127.0.0.1/8', true)],
  cable: [info('10.1.0.5/24'), info('fe80::5/64'), info('fd00::5/64')],
  radio: [info('10.2.0.5/24'), info('fe80::6/64')],
};

test.each<[string, string, object]>([
  ['cable', '10.1.0.9', { localAddress: '10.1.0.5', family: 4 }],
  ['cable', '::ffff:10.1.0.9', { localAddress: '10.1.0.5', family: 4 }],
  ['cable', 'fd00::9', { localAddress: 'fd00::5', family: 6 }],
  ['cable', 'fe80::9%cable', { family: 6 }],
  // behind a router
  ['cable', '192.0.2.1', { localAddress: '10.1.0.5', family: 4 }],
  ['radio', '192.0.2.1', { localAddress: '10.2.0.5', family: 4 }],
  // a name that is still to be looked up
  ['cable', 'ben.example', { localAddress: '10.1.0.5', family: 4 }],
  // this very computer
  ['cable', '127.0.0.1', {}],
])('from %s to %s', (name, host, way) => {
  expect(wayFrom(name, host, TABLE)).toEqual(way);
});

test.each<[string, string, string]>([
  ['cable', '10.2.0.9', 'PEER_UNREACHABLE'],
  ['radio', '10.1.0.9', 'PEER_UNREACHABLE'],
  ['radio', 'fe80::9%cable', 'PEER_UNREACHABLE'],
  ['radio', '2001:db8::1', 'PEER_UNREACHABLE'],
  ['gone', '10.1.0.9', 'ADDRESS_UNAVAILABLE'],
])('there is no way from %s to %s', (name, host, code) => {
  expect(() => wayFrom(name, host, TABLE)).toThrow(expect.objectContaining({ code }) as unknown);
});
