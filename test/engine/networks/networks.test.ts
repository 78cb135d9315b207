import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Networks } from '../../../electron/engine/networks/networks.ts';
import type { SystemTables } from '../../../electron/engine/networks/system-tables.ts';
import { systemTables } from '../../../electron/engine/networks/system-tables.ts';
import { ipv4, ipv6, LOOPBACK } from '../discovery/fake-network.ts';

const TABLE = {
  ...LOOPBACK,
  wlan0: [ipv4('192.168.1.20'), ipv6('fe80::20'), ipv6('2001:db8::20')],
  eth0: [ipv4('10.0.0.5')],
};

const DEVICES: Readonly<Record<string, string>> = { '192.168.1.1': 'wlan0', '10.0.0.1': 'eth0' };

function routers(macs: Readonly<Record<string, string>>): SystemTables {
  return {
    gateways: async () => [
      { interface: 'wlan0', address: '192.168.1.1' },
      { interface: 'eth0', address: '10.0.0.1' },
    ],
    hardwareAddresses: async () =>
      Object.entries(macs)
        .map(([address, mac]) => `${address} 0x1 0x2 ${mac} * ${DEVICES[address]}`)
        .join('\n'),
  };
}

async function networksOf(tables: SystemTables): Promise<Networks> {
  const networks = new Networks({ tables, interfaces: () => TABLE });
  await networks.refresh();
  return networks;
}

const HOME = { '192.168.1.1': '0a:00:00:00:00:01' };

describe('the network of an address', () => {
  it('is the one on which it is reached without a router', async () => {
    const networks = await networksOf(routers({ ...HOME, '10.0.0.1': '0a:00:00:00:00:02' }));
    const [home, office] = networks.current;
    expect(networks.current).toHaveLength(2);
    for (const near of ['192.168.1.77', '::ffff:192.168.1.77', '2001:db8::7', 'fe80::7%wlan0']) {
      expect(networks.of(near)).toBe(home?.id);
    }
    expect(networks.of('10.0.0.9')).toBe(office?.id);
    for (const far of ['192.168.2.1', '8.8.8.8', '127.0.0.1', '2001:db8:1::1', 'x', '']) {
      expect(networks.of(far)).toBeNull();
    }
  });

  it('is another one behind another router, although the addresses are the same', async () => {
    const [home] = (await networksOf(routers(HOME))).current;
    const [cafe] = (await networksOf(routers({ '192.168.1.1': '0a:00:00:00:00:99' }))).current;
    expect(home?.label).toBe(cafe?.label);
    expect(home?.id).not.toBe(cafe?.id);
  });

  it('is not known where two networks with the same addresses may be meant', async () => {
    const both = (second: string): Networks =>
      new Networks({
        tables: {
          gateways: async () =>
            ['wlan0', 'eth0'].map((name) => ({ interface: name, address: '192.168.1.1' })),
          hardwareAddresses: async () =>
            `192.168.1.1 0x1 0x2 0a:00:00:00:00:01 * wlan0\n192.168.1.1 0x1 0x2 ${second} * eth0`,
        },
        interfaces: () => ({ wlan0: TABLE.wlan0, eth0: [ipv4('192.168.1.30')] }),
      });
    const [home] = (await networksOf(routers(HOME))).current;
    const same = both('0a:00:00:00:00:01');
    await same.refresh();
    expect(same.of('192.168.1.77')).toBe(home?.id);
    for (const second of ['0a:00:00:00:00:99', '00:00:00:00:00:00']) {
      const networks = both(second);
      await networks.refresh();
      expect(networks.of('192.168.1.77')).toBeNull();
      expect(networks.of('fe80::7%wlan0')).toBe(home?.id);
      expect(networks.of('fe80::7%eth0')).not.toBe(home?.id);
    }
  });

  it('is none where the system does not tell, or stops telling', async () => {
    let isBroken = false;
    const networks = await networksOf({
      ...routers(HOME),
      gateways: async () => {
        if (isBroken) throw new Error('no table');
        return routers(HOME).gateways();
      },
    });
    expect(networks.current).toHaveLength(1);
    isBroken = true;
    await networks.refresh();
    expect(networks.current).toEqual([]);
    expect(networks.of('192.168.1.77')).toBeNull();
  });
});

describe('this system', () => {
  it('is asked without an error', async () => {
    const tables = systemTables(process.platform);
    const networks = new Networks({ tables, interfaces: networkInterfaces });
    await networks.refresh();
    for (const { id } of networks.current) expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(networks.of('127.0.0.1')).toBeNull();
  });
});
