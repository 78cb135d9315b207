import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Failure } from '../../shared/errors.ts';
import { failure } from '../../shared/errors.ts';
import type { LanguageSetting } from '../../shared/model/language.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import { readIfThere, writeAtomically } from './atomic-file.ts';

const SETTINGS_FILE = 'settings.json';

export interface LoadedSettings {
  readonly settings: Settings;
  /** What could not be read was set aside, and the person is told. */
  readonly problem: Failure | null;
}

export async function loadSettings(home: string): Promise<LoadedSettings> {
  const path = join(home, SETTINGS_FILE);
  const text = await readIfThere(path);
  if (text === null)
    return { settings: settingsSchema.parse({ isWelcomed: false }), problem: null };
  try {
    return { settings: settingsSchema.parse(JSON.parse(text)), problem: null };
  } catch {
    const aside = `${path}.bad`;
    await rename(path, aside);
    const problem = failure('SETTINGS_UNREADABLE', { path: aside });
    return { settings: settingsSchema.parse({}), problem };
  }
}

export async function saveSettings(home: string, settings: Settings): Promise<void> {
  await writeAtomically(join(home, SETTINGS_FILE), `${JSON.stringify(settings, null, 2)}\n`);
}

/** What a face asks before there is an engine. Settings that cannot be read are for the engine to mend. */
export async function languageSetting(home: string): Promise<LanguageSetting> {
  try {
    const text = (await readIfThere(join(home, SETTINGS_FILE))) ?? '{}';
    return settingsSchema.parse(JSON.parse(text)).language;
  } catch {
    return 'system';
  }
}
