import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gatewaysOfNetstat,
  gatewaysOfProc,
  gatewaysOfRoutePrint,
  hardwareAddressIn,
} from '../../../electron/engine/networks/gateways.ts';

/** If these fail, a network that nobody trusts is taken for one that somebody does. */

const PROC = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
wlan0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0
tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0
`;

const NETSTAT = `Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.1.1        UGScg                 en0
default            link#21            UCSIg           bridge100      !
127                127.0.0.1          UCS                   lo0
192.168.1          link#15            UCS                   en0      !
`;

const OLD_NETSTAT = `Destination        Gateway            Flags        Refs      Use   Netif Expire
default            10.0.0.138         UGSc           89        0     en1
`;

const ROUTE_PRINT = `===========================================================================
Interface List
 12...02 00 00 00 00 01 ......Ethernet
===========================================================================

IPv4 Route Table
===========================================================================
Active Routes:
Network Destination        Netmask          Gateway       Interface  Metric
          0.0.0.0          0.0.0.0      192.168.1.1     192.168.1.20     25
===========================================================================
`;

describe('routers', () => {
  it('are read from what each system says', () => {
    const one = [{ interface: 'wlan0', address: '192.168.1.1' }];
    expect(gatewaysOfProc(PROC)).toEqual(one);
    expect(gatewaysOfNetstat(NETSTAT)).toEqual([{ interface: 'en0', address: '192.168.1.1' }]);
    expect(gatewaysOfNetstat(OLD_NETSTAT)).toEqual([{ interface: 'en1', address: '10.0.0.138' }]);
    expect(gatewaysOfRoutePrint(ROUTE_PRINT)).toEqual([
      { interface: '192.168.1.20', address: '192.168.1.1' },
    ]);
  });

  it('are none where nothing sensible is said', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        for (const read of [gatewaysOfProc, gatewaysOfNetstat, gatewaysOfRoutePrint]) {
          expect(read(text)).toEqual([]);
        }
      }),
    );
  });
});

const at = (address: string, name: string) => ({ interface: name, address });

describe('the hardware address of a router', () => {
  it('is that of its own interface, where another network has a router of the same address', () => {
    const linux = `192.168.1.1      0x1         0x2         0a:00:00:00:00:01     *        wlan0
192.168.1.1      0x1         0x2         0a:00:00:00:00:02     *        eth0`;
    const macos = `? (192.168.1.1) at a:0:0:0:0:1 on wlan0 ifscope [ethernet]
? (192.168.1.1) at a:0:0:0:0:2 on eth0 ifscope [ethernet]`;
    const windows = `
Schnittstelle: 192.168.1.20 --- 0xc
  Internetadresse       Physische Adresse     Typ
  192.168.1.1           0a-00-00-00-00-01     dynamisch

Schnittstelle: 192.168.1.30 --- 0xd
  Internetadresse       Physische Adresse     Typ
  192.168.1.1           0a-00-00-00-00-02     dynamisch
`;
    for (const [text, ...names] of [
      [linux, 'wlan0', 'eth0', 'eth1'],
      [macos, 'wlan0', 'eth0', 'eth1'],
      [windows, '192.168.1.20', '192.168.1.30', '192.168.1.40'],
    ] as const) {
      expect(names.map((name) => hardwareAddressIn(text, at('192.168.1.1', name)))).toEqual([
        '0a:00:00:00:00:01',
        '0a:00:00:00:00:02',
        null,
      ]);
    }
  });

  it('is not known where two are told and none of an interface', () => {
    const line = '192.168.1.1  0a-00-00-00-00-01  dynamic';
    const twice = `${line}\n${line}`;
    expect(hardwareAddressIn(twice, at('192.168.1.1', 'x'))).toBe('0a:00:00:00:00:01');
    const two = `${line}\n192.168.1.1  0a-00-00-00-00-02  dynamic`;
    expect(hardwareAddressIn(two, at('192.168.1.1', 'x'))).toBeNull();
  });

  it('is found in the line of its address alone, however it is written', () => {
    const linux = `IP address       HW type     Flags       HW address            Mask     Device
192.168.1.10     0x1         0x2         0a:00:00:00:00:10     *        wlan0
192.168.1.1      0x1         0x2         0A:1b:2c:3d:4e:5f     *        wlan0`;
    const macos = '? (192.168.1.1) at a:1b:2c:3d:4e:5f on en0 ifscope [ethernet]';
    const windows = '  192.168.1.1           0a-1b-2c-3d-4e-5f     dynamic   ';
    for (const [text, name] of [
      [linux, 'wlan0'],
      [macos, 'en0'],
      [windows, '192.168.1.20'],
    ] as const) {
      expect(hardwareAddressIn(text, at('192.168.1.1', name))).toBe('0a:1b:2c:3d:4e:5f');
      expect(hardwareAddressIn(text, at('192.168.1.2', name))).toBeNull();
    }
  });

  it('is none where the system has not found it', () => {
    const unknown = '192.168.1.1      0x1         0x0         00:00:00:00:00:00     *        wlan0';
    expect(hardwareAddressIn(unknown, at('192.168.1.1', 'wlan0'))).toBeNull();
    const macos = '? (192.168.1.1) at (incomplete) on en0';
    expect(hardwareAddressIn(macos, at('192.168.1.1', 'en0'))).toBeNull();
  });
});
