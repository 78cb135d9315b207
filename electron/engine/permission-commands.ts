import type { Commands } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';
import type { PairedDevice } from '../../shared/model/pairing.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import type { AcceptRule } from '../../shared/model/permission.ts';
import type { Handles } from './handles.ts';
import type { Manager } from './manager.ts';
import { saveSettings } from './settings.ts';
import type { Store } from './state/store.ts';
import type { Trust } from './trust.ts';

interface PermissionCommandsOptions {
  readonly store: Store;
  readonly trust: Trust;
  readonly manager: Manager;
  readonly handles: Handles;
  readonly home: string;
}

/** What a paired device may send without being asked about, and over which networks. */
export function createPermissionCommands({
  store,
  trust,
  manager,
  handles,
  home,
}: PermissionCommandsOptions): Pick<Commands, 'setAccept' | 'setAcceptFolder' | 'trustNetwork'> {
  const change = async (peerId: PeerId, rule: AcceptRule | null): Promise<null> => {
    await trust.setRule(peerId, rule);
    return null;
  };
  const paired = (peerId: PeerId): PairedDevice => {
    const device = trust.devices.find(({ id }) => id === peerId);
    if (!device) throw new DroplineError('PEER_NOT_FOUND', { name: peerId.slice(0, 12) });
    return device;
  };
  return {
    setAccept: async ({ peerId, accept }) => {
      const directory = paired(peerId).rule?.directory ?? null;
      return change(peerId, accept && { maxBytes: accept.maxBytes, directory });
    },
    setAcceptFolder: async ({ peerId, folderId }) => {
      const { rule } = paired(peerId);
      const directory = folderId === null ? null : handles.folder(folderId);
      return change(peerId, rule && { ...rule, directory });
    },
    trustNetwork: async ({ networkId, trusted }) => {
      const { settings, networks } = store.state;
      const network = networks.find(({ id }) => id === networkId);
      const others = settings.trustedNetworks.filter(({ id }) => id !== networkId);
      const added = trusted && network ? [{ id: network.id, label: network.label }] : [];
      const changed = { ...settings, trustedNetworks: [...others, ...added] };
      await saveSettings(home, changed);
      store.apply({ kind: 'settings', settings: changed });
      manager.networks.list();
      return null;
    },
  };
}
