import { join } from 'node:path';
import type { CommandInput, Commands } from '../../shared/contract.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { cleanDeviceName } from '../../shared/protocol/device-name.ts';
import type { Handles } from './handles.ts';
import { LOG_FILE } from './log.ts';
import type { Manager } from './manager.ts';
import { saveSettings } from './settings.ts';
import type { Shell } from './shell.ts';
import type { Store } from './state/store.ts';
import { computerName } from './this-device.ts';

interface SettingsCommandsOptions {
  readonly store: Store;
  readonly manager: Manager;
  readonly handles: Handles;
  readonly home: string;
  readonly shell: Shell;
}

export function createSettingsCommands(
  options: SettingsCommandsOptions,
): Pick<Commands, 'setSettings' | 'setDirectory' | 'revealFolder' | 'revealLog'> {
  const { store, manager, handles, home, shell } = options;
  return {
    setSettings: (patch) => changeSettings(options, patch),
    setDirectory: async ({ folderId }) => {
      const directory = handles.folder(folderId);
      const before = store.state.self.directory;
      const settings = { ...store.state.settings, directory };
      await saveSettings(home, settings);
      store.apply({ kind: 'settings', settings });
      store.apply({ kind: 'self', self: { directory } });
      manager.offers.planAnew(before);
      return null;
    },
    revealFolder: async () => {
      await shell.reveal(store.state.self.directory);
      return null;
    },
    revealLog: async () => {
      await shell.reveal(join(home, ...LOG_FILE));
      return null;
    },
  };
}

/** The port counts from the next start on; everything else at once. */
async function changeSettings(
  { store, manager, home }: SettingsCommandsOptions,
  { deviceName, ...patch }: CommandInput<'setSettings'>,
): Promise<null> {
  const named = deviceName !== undefined && {
    deviceName: deviceName && cleanDeviceName(deviceName),
  };
  const settings = { ...store.state.settings, ...given(patch), ...named };
  await saveSettings(home, settings);
  store.apply({ kind: 'settings', settings });
  if (deviceName !== undefined) {
    const name = settings.deviceName ?? computerName();
    store.apply({ kind: 'self', self: { name } });
    manager.rename(name);
  }
  if (patch.isWelcomed) store.apply({ kind: 'self', self: { isNew: false } });
  if (patch.visibility !== undefined) manager.presence.update();
  if (patch.interface !== undefined) manager.interfaces.look();
  if (patch.reachableFrom !== undefined) manager.presence.updateDoor();
  if (patch.sendBytesPerSecond !== undefined) manager.threads.pace(patch.sendBytesPerSecond);
  return null;
}

/** What is not named stays as it is. */
function given(patch: CommandInput<'setSettings'>): Partial<Settings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
