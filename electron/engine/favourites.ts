import type { CommandInput } from '../../shared/contract.ts';
import { MAX_FAVOURITES } from '../../shared/model/settings.ts';
import { saveSettings } from './settings.ts';
import type { Store } from './state/store.ts';

/** The latest stays where there are too many. */
export async function setFavourite(
  { store, home }: { readonly store: Store; readonly home: string },
  { peerId, favourite }: CommandInput<'setFavourite'>,
): Promise<null> {
  const { settings } = store.state;
  const others = settings.favourites.filter((id) => id !== peerId);
  const favourites = favourite ? [...others, peerId].slice(-MAX_FAVOURITES) : others;
  const changed = { ...settings, favourites };
  await saveSettings(home, changed);
  store.apply({ kind: 'settings', settings: changed });
  return null;
}
