import type { Commands } from '../../shared/contract.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { saveBlocked, withBlocked } from './blocked.ts';
import type { Manager } from './manager.ts';
import type { Store } from './state/store.ts';
import type { Trust } from './trust.ts';

interface BlockCommandsOptions {
  readonly manager: Manager;
  readonly trust: Trust;
  readonly store: Store;
  readonly home: string;
}

/** What can be asked about devices that nothing shall be heard of. */
export function createBlockCommands({
  manager,
  trust,
  store,
  home,
}: BlockCommandsOptions): Pick<Commands, 'block' | 'unblock'> {
  return {
    block: async ({ peerId, remember }) => {
      const isStored = remember || trust.isPaired(peerId);
      const added = { id: peerId, name: nameOf(store, peerId), isStored };
      const blocked = withBlocked(store.state.blocked, added);
      // it takes effect at once, whether the disk takes it or not
      manager.setBlocked(blocked);
      if (isStored) await saveBlocked(home, blocked);
      return null;
    },
    unblock: async ({ peerId }) => {
      const before = store.state.blocked.find(({ id }) => id === peerId);
      const blocked = store.state.blocked.filter(({ id }) => id !== peerId);
      if (before?.isStored === true) await saveBlocked(home, blocked);
      manager.setBlocked(blocked);
      return null;
    },
  };
}

function nameOf({ state }: Store, peerId: PeerId): string {
  const transfer = state.transfers.find(({ peer }) => peer.id === peerId);
  const peer = state.discovered.find(({ id }) => id === peerId);
  return transfer?.peer.name ?? peer?.name ?? peerId.slice(0, 12);
}
