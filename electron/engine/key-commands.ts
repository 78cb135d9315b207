import type { Commands } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';
import { closeToOthers, keepKey } from './identity.ts';
import type { KeyPlace } from './identity.ts';
import type { KeyStore } from './key-store.ts';
import type { Store } from './state/store.ts';
import type { Identity } from './transfer/authentication.ts';

export interface KeyCommandsOptions {
  readonly store: Store;
  readonly home: string;
  readonly identity: Identity;
  readonly keyStore: KeyStore | null;
}

/** Where the key of this device is kept is for its person to say. */
export function createKeyCommands({
  store,
  home,
  identity,
  keyStore,
}: KeyCommandsOptions): Pick<Commands, 'keepKey'> {
  // what was asked for last is what counts in the end
  let moved: Promise<unknown> = Promise.resolve();
  const move = async (place: KeyPlace): Promise<null> => {
    if (!keyStore) throw new DroplineError('KEY_STORE_CLOSED');
    await keepKey(home, identity, place, keyStore);
    store.apply({ kind: 'self', self: { keyKept: await closeToOthers(home) } });
    return null;
  };
  return {
    keepKey: ({ place }) => {
      const done = moved.then(() => move(place));
      moved = done.catch(() => undefined);
      return done;
    },
  };
}
