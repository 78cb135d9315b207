import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settingsSchema } from '../../shared/model/settings.ts';

/** Keeps a test away from the person's own Downloads folder and from the usual port. */
export async function writeSettings(home: string, directory: string): Promise<void> {
  const settings = settingsSchema.parse({ directory, port: 0 });
  await writeFile(join(home, 'settings.json'), JSON.stringify(settings));
}
