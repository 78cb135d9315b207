import { networkInterfaces } from 'node:os';
import type { Store } from '../state/store.ts';
import type { Clock } from '../transfer/ports.ts';
import { Networks } from './networks.ts';
import { systemTables } from './system-tables.ts';

/** Somebody who opens the settings on another network finds it there soon. */
const LOOK_EVERY_MS = 10_000;

export interface NetworkWatch {
  start(): Promise<void>;
  stop(): void;
  /** Whether that address is on a network that the person trusts, looked at now. */
  isTrusted(address: string): Promise<boolean>;
  /** What is trusted has changed. */
  list(): void;
}

/** Keeps the list of networks in the store. */
export function watchNetworks({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): NetworkWatch {
  const tables = systemTables(process.platform);
  const networks = new Networks({ tables, interfaces: networkInterfaces });
  let told = '';
  let stopTimer: () => void = () => undefined;

  const list = (): void => {
    const { trustedNetworks } = store.state.settings;
    const here = networks.current;
    const away = trustedNetworks.filter(({ id }) => !here.some((network) => network.id === id));
    const listed = [...here, ...away].map(({ id, label }) => ({
      id,
      label,
      isTrusted: trustedNetworks.some((trusted) => trusted.id === id),
      isHere: here.some((network) => network.id === id),
    }));
    const text = JSON.stringify(listed);
    if (text === told) return;
    told = text;
    store.apply({ kind: 'networks', networks: listed });
  };
  const look = async (): Promise<void> => {
    await networks.refresh();
    list();
  };
  return {
    start: async () => {
      await look();
      stopTimer = clock.every(LOOK_EVERY_MS, () => void look());
    },
    stop: () => {
      stopTimer();
    },
    isTrusted: async (address) => {
      await look();
      const id = networks.of(address);
      return store.state.settings.trustedNetworks.some((trusted) => trusted.id === id);
    },
    list,
  };
}
