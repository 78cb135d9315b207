import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../../shared/model/settings.ts';
import { settingsSchema } from '../../shared/model/settings.ts';

/** Keeps a test away from the person's own Downloads folder and from the usual port. */
export async function writeSettings(
  home: string,
  directory: string,
  more: Partial<Settings> = {},
): Promise<void> {
  const settings = settingsSchema.parse({ directory, port: 0, ...more });
  await writeFile(join(home, 'settings.json'), JSON.stringify(settings));
}
