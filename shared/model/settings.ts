import { z } from 'zod';

export const DEFAULT_PORT = 47710;
export const MAX_DEVICE_NAME_GRAPHEMES = 64;

/** What the person may set; the file settings.json in the home folder holds exactly this. */
export const settingsSchema = z.object({
  version: z.literal(1).default(1),
  /** null: the computer's own name. */
  deviceName: z.string().min(1).max(256).nullable().default(null),
  /** Where received files go; null: the Downloads folder. */
  directory: z.string().min(1).nullable().default(null),
  port: z.int().min(0).max(65535).default(DEFAULT_PORT),
  accept: z.enum(['ask', 'paired', 'all']).default('ask'),
});

export type Settings = z.infer<typeof settingsSchema>;
export type AcceptPolicy = Settings['accept'];

/** What the window may change by itself; a folder comes in as a folder id (see contract.ts). */
export const settingsPatchSchema = settingsSchema
  .pick({ deviceName: true, port: true })
  .partial()
  .strict();

export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
