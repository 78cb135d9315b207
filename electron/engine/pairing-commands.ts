import type { Commands } from '../../shared/contract.ts';
import { addresseeOf } from './addressee.ts';
import type { Manager } from './manager.ts';
import type { Store } from './state/store.ts';

interface PairingCommandsOptions {
  readonly store: Store;
  readonly manager: Manager;
}

/** What a person can say of the codes, and of the devices that were paired by them. */
export function createPairingCommands({
  store,
  manager,
}: PairingCommandsOptions): Pick<Commands, 'pair' | 'answerPairing' | 'forget'> {
  const { pairings } = manager;
  return {
    pair: async ({ key }) => ({
      pairingId: pairings.pair(addresseeOf({ kind: 'peer', key }, store)),
    }),
    answerPairing: async ({ pairingId, answer }) => {
      pairings.answer(pairingId, answer);
      return null;
    },
    forget: async ({ peerId }) => {
      await pairings.forget(peerId);
      return null;
    },
  };
}
