import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Snapshot } from '../shared/model/snapshot.ts';
import type { Bridge, Link } from './bridge.ts';

/** The latest snapshot of the engine: the only state of the program that the window knows. */
export interface SnapshotStore {
  readonly subscribe: (onChange: () => void) => () => void;
  readonly get: () => Snapshot | null;
}

export function createSnapshotStore(bridge: Pick<Bridge, 'subscribe'>): SnapshotStore {
  let latest: Snapshot | null = null;
  const listeners = new Set<() => void>();
  let stop: (() => void) | null = null;
  return {
    get: () => latest,
    subscribe(onChange) {
      listeners.add(onChange);
      stop ??= bridge.subscribe((snapshot) => {
        latest = snapshot;
        for (const listener of [...listeners]) listener();
      });
      return () => {
        listeners.delete(onChange);
        if (listeners.size > 0) return;
        stop?.();
        stop = null;
      };
    },
  };
}

/** null until the engine has spoken for the first time. */
export function useLatest(store: SnapshotStore): Snapshot | null {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

export function useLink(bridge: Bridge): Link {
  const subscribe = useCallback((onChange: () => void) => bridge.subscribeLink(onChange), [bridge]);
  const get = () => bridge.link();
  return useSyncExternalStore(subscribe, get, get);
}

const SnapshotContext = createContext<Snapshot | null>(null);
export const SnapshotProvider = SnapshotContext.Provider;

export function useSnapshot(): Snapshot {
  const snapshot = useContext(SnapshotContext);
  if (snapshot === null) throw new Error('The window was drawn without a snapshot.');
  return snapshot;
}
