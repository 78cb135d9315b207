import type { Discovery } from './discovery/discovery.ts';
import { startDiscovery } from './discovery/discovery.ts';
import type { Log } from './log.ts';
import type { Store } from './state/store.ts';
import type { ListenOptions } from './transfer/worker-messages.ts';
import type { Trust } from './trust.ts';

export interface LookAroundOptions {
  readonly store: Store;
  readonly log: Log;
  readonly trust: Trust;
  readonly workers: URL;
  /** null: does not receive. */
  readonly listen: ListenOptions | null;
  /** The one interface that is used; null: all. */
  readonly interface: () => string | null;
}

/** Finds other devices, is found by them, and tells the store what becomes of that. */
export function lookAround(options: LookAroundOptions): Discovery {
  const { store, workers, log, trust } = options;
  return startDiscovery({
    workers,
    announce: announcementOf(options),
    paired: trust.acquaintances,
    interface: options.interface(),
    onPeers: (peers) => {
      store.apply({ kind: 'discovered', peers });
    },
    onFailure: (why) => {
      log.warn(`discovery: ${why.code}`);
      store.apply({ kind: 'self', self: { discovery: 'failed' } });
      store.apply({ kind: 'noticed', failure: why });
    },
    onStarted: () => {
      store.apply({ kind: 'self', self: { discovery: 'on' } });
    },
    onTrouble: (reason) => {
      log.info(`discovery: ${reason}`);
    },
  });
}

/** Only who can be sent to over TLS is announced, and to whom the person wants. */
export function announcementOf({ store, listen }: Pick<LookAroundOptions, 'store' | 'listen'>) {
  const { id, name, platform, port } = store.state.self;
  const { visibility } = store.state.settings;
  if (port === null || listen?.mode !== 'tls' || visibility === 'hidden') return null;
  return { id, name, platform, port, isVeiled: visibility === 'paired' };
}
