import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Snapshot } from '../shared/model/snapshot.ts';
import type { Bridge, Link } from './bridge.ts';
import { keepSame } from './keep-same.ts';

export { keepSame };

/**
 * The latest snapshot of the engine: the only state of the program that the window knows. What a new one
 * says again is the same object as before.
 */
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
        latest = keepSame(latest, snapshot);
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

/** What is read of the latest snapshot; null until the engine has spoken for the first time. */
export function useLatest<T>(store: SnapshotStore, read: (snapshot: Snapshot | null) => T): T {
  const get = () => read(store.get());
  return useSyncExternalStore(store.subscribe, get, get);
}

export function useLink(bridge: Bridge): Link {
  const subscribe = useCallback((onChange: () => void) => bridge.subscribeLink(onChange), [bridge]);
  const get = () => bridge.link();
  return useSyncExternalStore(subscribe, get, get);
}

const StoreContext = createContext<SnapshotStore | null>(null);
/** For a store that has a snapshot. */
export const SnapshotProvider = StoreContext.Provider;

/** Draws again only where that which is read of it has changed: `read` makes no new objects. */
export function useSnapshot<T>(read: (snapshot: Snapshot) => T): T {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('The window was drawn without a snapshot.');
  return useLatest(store, (snapshot) => {
    if (snapshot === null) throw new Error('The window was drawn without a snapshot.');
    return read(snapshot);
  });
}

export function usePart<P extends keyof Snapshot>(part: P): Snapshot[P] {
  return useSnapshot((snapshot) => snapshot[part]);
}
