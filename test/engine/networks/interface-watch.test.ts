import { expect, test } from 'vitest';
import { InterfaceWatch } from '../../../electron/engine/networks/interface-watch.ts';
import { initialState } from '../../../electron/engine/state/reduce.ts';
import { Store } from '../../../electron/engine/state/store.ts';
import { settingsSchema } from '../../../shared/model/settings.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { self } from '../../support/shown-devices.ts';

/** If these fail, the settings offer interfaces that are not there, or nothing follows when one goes. */

const info = (address: string) => ({
  address,
  cidr: `${address}/24`,
  family: 'IPv4' as const,
  internal: address.startsWith('127.'),
  mac: '',
  netmask: '',
});

function watched(chosen: string | null, fixed: string | null = null) {
  const clock = new HandClock();
  const settings = settingsSchema.parse({ interface: chosen });
  const store = new Store(initialState(self, settings, []), clock);
  const table: Record<string, ReturnType<typeof info>[]> = {
    lo: [info('127.0.0.1')],
    eth0: [info('10.1.0.5')],
    eth1: [info('10.2.0.5')],
  };
  let changes = 0;
  const onChange = () => changes++;
  const watch = new InterfaceWatch({ store, clock, fixed, table: () => table, onChange });
  watch.start();
  return { watch, store, table, changes: () => changes, turn: () => clock.turn(2_000) };
}

test('all that lead somewhere are listed, and one that is chosen though it is away', () => {
  const { store, watch } = watched('usb0');
  expect(store.snapshot.interfaces).toEqual([
    { name: 'eth0', addresses: ['10.1.0.5'] },
    { name: 'eth1', addresses: ['10.2.0.5'] },
    { name: 'usb0', addresses: [] },
  ]);
  expect(store.snapshot.self.addresses).toEqual([]);
  expect(watch.host).toBeUndefined();
});

test('what is used follows the choice, and the address that the interface has', () => {
  const { store, watch, table, changes, turn } = watched(null);
  expect([watch.host, changes()]).toEqual([null, 0]);
  store.apply({ kind: 'settings', settings: settingsSchema.parse({ interface: 'eth1' }) });
  watch.look();
  expect([watch.host, changes()]).toEqual(['10.2.0.5', 1]);
  expect(store.snapshot.self.addresses).toEqual(['10.2.0.5']);
  table['eth1'] = [info('10.2.0.9')];
  turn();
  expect([watch.host, changes()]).toEqual(['10.2.0.9', 2]);
  table['eth1'] = [];
  turn();
  expect([watch.host, changes()]).toEqual([undefined, 3]);
  turn();
  expect(changes()).toBe(3);
});

test('what was given for this run stands above the settings', () => {
  const { watch } = watched('eth1', '10.1.0.5');
  expect([watch.chosen, watch.host]).toEqual(['10.1.0.5', '10.1.0.5']);
});
