import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bench } from '../support/command.ts';
import type { Host } from '../support/hosts.ts';
import { withTwoHosts } from '../support/hosts.ts';

/** If this fails, the program speaks to somebody although nobody asked it to. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.stop());

/** What the host's own network has counted. */
async function counted(host: Host) {
  const read = async (path: string) => host.run('cat', [path]);
  const [snmp, netstat, ipv6] = await Promise.all(
    ['/proc/net/snmp', '/proc/net/netstat', '/proc/net/snmp6'].map(read),
  );
  const table = `${snmp ?? ''}${netstat ?? ''}`.split('\n');
  const of = (group: string, name: string): number => {
    const [names = '', values = ''] = table.filter((line) => line.startsWith(`${group}: `));
    return Number(values.split(' ')[names.split(' ').indexOf(name)]);
  };
  const of6 = (name: string): number =>
    Number(new RegExp(`^Ip6${name}\\s+(\\d+)`, 'm').exec(ipv6 ?? '')?.[1]);
  return {
    dials: of('Tcp', 'ActiveOpens'),
    multicast: of('IpExt', 'OutMcastPkts'),
    toOne: of('Ip', 'OutRequests') - of('IpExt', 'OutMcastPkts'),
    toOne6: of6('OutRequests') - of6('OutMcastPkts'),
  };
}

it.skipIf(process.platform !== 'linux')(
  'an idle program with its window waiting dials nobody, and sends to the group of mDNS alone',
  async () => {
    await withTwoHosts(async ({ a, b }) => {
      const before = await counted(a);
      const args = [
        'console',
        '--json',
        '--home',
        bench.path('home'),
        '--dir',
        bench.directory('in'),
      ];
      const idle = bench.run(args, {
        launch: (command, words, options) => a.spawn(command, words, options),
      });
      await idle.line('console');
      // its first announcement, and what it asks at 0, 1 and 3 seconds
      while ((await counted(a)).multicast < before.multicast + 5) await delay(100);
      const after = await counted(a);
      expect(Object.values(after).every(Number.isInteger)).toBe(true);
      expect({ ...after, multicast: 0 }).toEqual({ ...before, multicast: 0 });

      // the counters would have shown it
      const dial = `require('node:net').connect(9, '${b.address}').on('error', () => process.exit())`;
      await a.run(process.execPath, ['-e', dial]);
      const dialled = await counted(a);
      expect(dialled.dials).toBe(after.dials + 1);
      expect(dialled.toOne).toBeGreaterThan(after.toOne);
    });
  },
);
